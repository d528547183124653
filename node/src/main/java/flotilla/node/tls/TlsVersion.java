package flotilla.node.tls;

import java.util.Optional;

/** The versions of TLS that the server speaks. */
public enum TlsVersion {
    /** RFC 5246. */
    TLS_1_2("1.2", "TLSv1.2"),
    /** RFC 8446. */
    TLS_1_3("1.3", "TLSv1.3");

    private final String number;
    private final String protocol;

    TlsVersion(String number, String protocol) {
        this.number = number;
        this.protocol = protocol;
    }

    /** The version of a number such as {@code 1.2}; empty for another text. */
    public static Optional<TlsVersion> of(String number) {
        for (TlsVersion version : values()) {
            if (version.number.equals(number)) {
                return Optional.of(version);
            }
        }
        return Optional.empty();
    }

    /** The number, such as {@code 1.2}. */
    public String number() {
        return number;
    }

    /** The name of Java, such as {@code TLSv1.2}. */
    public String protocol() {
        return protocol;
    }
}
