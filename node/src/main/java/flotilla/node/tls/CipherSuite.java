package flotilla.node.tls;

import flotilla.node.tls.CertificateMaker.KeyKind;
import java.util.Optional;

/**
 * The cipher suites that the server knows, in its order: forward secrecy and AEAD only (RFC 9325, section 4.2; RFC
 * 8446; RFC 5289; RFC 7905).
 */
public enum CipherSuite {
    TLS_AES_128_GCM_SHA256(0x1301, "TLS_AES_128_GCM_SHA256"),
    TLS_AES_256_GCM_SHA384(0x1302, "TLS_AES_256_GCM_SHA384"),
    TLS_CHACHA20_POLY1305_SHA256(0x1303, "TLS_CHACHA20_POLY1305_SHA256"),
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(0xC02B, "ECDHE-ECDSA-AES128-GCM-SHA256"),
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256(0xC02F, "ECDHE-RSA-AES128-GCM-SHA256"),
    TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384(0xC02C, "ECDHE-ECDSA-AES256-GCM-SHA384"),
    TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384(0xC030, "ECDHE-RSA-AES256-GCM-SHA384"),
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256(0xCCA9, "ECDHE-ECDSA-CHACHA20-POLY1305"),
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256(0xCCA8, "ECDHE-RSA-CHACHA20-POLY1305");

    private final int number;
    private final String openSslName;

    CipherSuite(int number, String openSslName) {
        this.number = number;
        this.openSslName = openSslName;
    }

    /** The suite with a number of IANA's registry; empty for one that the server does not know. */
    static Optional<CipherSuite> of(int number) {
        for (CipherSuite suite : values()) {
            if (suite.number == number) {
                return Optional.of(suite);
            }
        }
        return Optional.empty();
    }

    /** The suite with a name of IANA or of OpenSSL, in any case; empty for one that the server does not know. */
    public static Optional<CipherSuite> of(String name) {
        for (CipherSuite suite : values()) {
            if (suite.name().equalsIgnoreCase(name) || suite.openSslName.equalsIgnoreCase(name)) {
                return Optional.of(suite);
            }
        }
        return Optional.empty();
    }

    /** The number in IANA's registry. */
    int number() {
        return number;
    }

    /** The name that OpenSSL uses. {@link #name} is that of IANA. */
    public String openSslName() {
        return openSslName;
    }

    /** The only version that has the suite. */
    public TlsVersion version() {
        return number >> 8 == 0x13 ? TlsVersion.TLS_1_3 : TlsVersion.TLS_1_2;
    }

    /** The kind of key that the certificate must have; empty for the suites of TLS 1.3, which take both. */
    public Optional<KeyKind> key() {
        if (version() == TlsVersion.TLS_1_3) {
            return Optional.empty();
        }
        return Optional.of(name().startsWith("TLS_ECDHE_ECDSA") ? KeyKind.EC : KeyKind.RSA);
    }

    boolean isChaCha() {
        return name().contains("CHACHA20");
    }

    /** Returns true when NIST approves the algorithms (SP 800-52r2, section 3.3.1). */
    public boolean isApproved() {
        return !isChaCha();
    }
}
