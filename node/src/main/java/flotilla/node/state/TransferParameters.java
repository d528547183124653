package flotilla.node.state;

import flotilla.node.protocol.Facts;
import flotilla.node.protocol.Facts.Fact;
import java.util.Set;

/**
 * The client's choices for its transfers (RFC 959, section 5.1.2).
 *
 * @param ascii true for TYPE A, the default
 * @param extendedOnly true after EPSV ALL (RFC 2428, section 4)
 * @param facts the choice of OPTS MLST
 * @param hash the choice of OPTS HASH
 * @param umask the choice of SITE UMASK, three octal digits; empty for the umask of the account
 * @param compression the choice of MODE and OPTS MODE Z
 * @param utf8 true after OPTS UTF8 ON: names are UTF-8, whatever the encoding of the account
 */
public record TransferParameters(
        boolean ascii,
        boolean extendedOnly,
        Set<Fact> facts,
        HashAlgorithm hash,
        String umask,
        Compression compression,
        boolean utf8) {
    public static final TransferParameters INITIAL =
            new TransferParameters(true, false, Facts.all(), HashAlgorithm.SHA_256, "", Compression.NONE, false);

    public TransferParameters {
        facts = Set.copyOf(facts);
    }

    /** The same after TYPE. */
    public TransferParameters withAscii(boolean on) {
        return new TransferParameters(on, extendedOnly, facts, hash, umask, compression, utf8);
    }

    /** The same after EPSV ALL. */
    public TransferParameters withExtendedOnly() {
        return new TransferParameters(ascii, true, facts, hash, umask, compression, utf8);
    }

    /** The same after OPTS MLST. */
    public TransferParameters withFacts(Set<Fact> chosen) {
        return new TransferParameters(ascii, extendedOnly, chosen, hash, umask, compression, utf8);
    }

    /** The same after OPTS HASH. */
    public TransferParameters withHash(HashAlgorithm chosen) {
        return new TransferParameters(ascii, extendedOnly, facts, chosen, umask, compression, utf8);
    }

    /** The same after SITE UMASK. */
    public TransferParameters withUmask(String chosen) {
        return new TransferParameters(ascii, extendedOnly, facts, hash, chosen, compression, utf8);
    }

    /** The same after MODE or OPTS MODE Z. */
    public TransferParameters withCompression(Compression chosen) {
        return new TransferParameters(ascii, extendedOnly, facts, hash, umask, chosen, utf8);
    }

    /** The same after OPTS UTF8. */
    public TransferParameters withUtf8(boolean on) {
        return new TransferParameters(ascii, extendedOnly, facts, hash, umask, compression, on);
    }
}
