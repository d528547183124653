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
 */
public record TransferParameters(
        boolean ascii,
        boolean extendedOnly,
        Set<Fact> facts,
        HashAlgorithm hash,
        String umask,
        Compression compression) {
    public static final TransferParameters INITIAL =
            new TransferParameters(true, false, Facts.all(), HashAlgorithm.SHA_256, "", Compression.NONE);

    public TransferParameters {
        facts = Set.copyOf(facts);
    }

    /** The same after TYPE. */
    public TransferParameters withAscii(boolean on) {
        return new TransferParameters(on, extendedOnly, facts, hash, umask, compression);
    }

    /** The same after EPSV ALL. */
    public TransferParameters withExtendedOnly() {
        return new TransferParameters(ascii, true, facts, hash, umask, compression);
    }

    /** The same after OPTS MLST. */
    public TransferParameters withFacts(Set<Fact> chosen) {
        return new TransferParameters(ascii, extendedOnly, chosen, hash, umask, compression);
    }

    /** The same after OPTS HASH. */
    public TransferParameters withHash(HashAlgorithm chosen) {
        return new TransferParameters(ascii, extendedOnly, facts, chosen, umask, compression);
    }

    /** The same after SITE UMASK. */
    public TransferParameters withUmask(String chosen) {
        return new TransferParameters(ascii, extendedOnly, facts, hash, chosen, compression);
    }

    /** The same after MODE or OPTS MODE Z. */
    public TransferParameters withCompression(Compression chosen) {
        return new TransferParameters(ascii, extendedOnly, facts, hash, umask, chosen);
    }
}
