package flotilla.node.tls;

import java.util.List;
import java.util.Optional;

/** The groups for the key exchange that the server knows, in its order (RFC 8422, RFC 8446, section 4.2.7). */
public enum KeyGroup {
    /** X25519 together with ML-KEM-768, which quantum computers do not break (draft-ietf-tls-ecdhe-mlkem-05). */
    X25519MLKEM768("X25519MLKEM768"),
    X25519("X25519"),
    P_256("P-256", "secp256r1", "prime256v1"),
    P_384("P-384", "secp384r1"),
    P_521("P-521", "secp521r1");

    private final List<String> names;

    KeyGroup(String... names) {
        this.names = List.of(names);
    }

    /** The group with a name of IANA, NIST or OpenSSL, in any case; empty for one that the server does not know. */
    public static Optional<KeyGroup> of(String name) {
        for (KeyGroup group : values()) {
            if (group.names.stream().anyMatch(name::equalsIgnoreCase)) {
                return Optional.of(group);
            }
        }
        return Optional.empty();
    }

    /** The name that OpenSSL uses. */
    public String openSslName() {
        return names.get(0);
    }

    /** The name of IANA's registry. */
    public String ianaName() {
        return names.size() > 1 ? names.get(1) : names.get(0);
    }

    /** The name of Java, such as {@code x25519}. */
    String javaName() {
        return this == X25519 ? "x25519" : ianaName();
    }

    /** Returns true for the curves of SP 800-186 that NIST approves for TLS. */
    public boolean isApproved() {
        return this == P_256 || this == P_384 || this == P_521;
    }
}
