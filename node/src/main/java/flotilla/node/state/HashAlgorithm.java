package flotilla.node.state;

import java.util.Locale;
import java.util.Optional;

/** The digests of HASH (draft-bryan-ftpext-hash) and of the X commands. */
public enum HashAlgorithm {
    SHA_256("SHA-256"),
    SHA_512("SHA-512"),
    SHA_1("SHA-1"),
    MD5("MD5"),
    CRC32("CRC32");

    private final String wireName;

    HashAlgorithm(String wireName) {
        this.wireName = wireName;
    }

    /** The name that clients write; also the name of the JDK's digest. */
    public String wireName() {
        return wireName;
    }

    /** The algorithm of that name, in upper or lower case; empty for an unknown one. */
    public static Optional<HashAlgorithm> named(String name) {
        String wanted = name.toUpperCase(Locale.ROOT);
        for (HashAlgorithm algorithm : values()) {
            if (algorithm.wireName.equals(wanted)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}
