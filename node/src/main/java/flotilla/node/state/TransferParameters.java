package flotilla.node.state;

import flotilla.node.protocol.Facts;
import flotilla.node.protocol.Facts.Fact;
import java.util.Set;

/**
 * What the client chose for its transfers (RFC 959, section 5.1.2).
 *
 * @param ascii TYPE A, the default
 * @param extendedOnly EPSV ALL was given (RFC 2428, section 4)
 * @param facts OPTS MLST
 * @param hash OPTS HASH
 * @param announced bytes ALLO announced for the next upload, 0 for none
 */
public record TransferParameters(
        boolean ascii, boolean extendedOnly, Set<Fact> facts, HashAlgorithm hash, long announced) {
    public static final TransferParameters INITIAL =
            new TransferParameters(true, false, Facts.all(), HashAlgorithm.SHA_256, 0);

    public TransferParameters {
        facts = Set.copyOf(facts);
    }

    public TransferParameters withAscii(boolean on) {
        return new TransferParameters(on, extendedOnly, facts, hash, announced);
    }

    public TransferParameters withExtendedOnly() {
        return new TransferParameters(ascii, true, facts, hash, announced);
    }

    public TransferParameters withFacts(Set<Fact> chosen) {
        return new TransferParameters(ascii, extendedOnly, chosen, hash, announced);
    }

    public TransferParameters withHash(HashAlgorithm chosen) {
        return new TransferParameters(ascii, extendedOnly, facts, chosen, announced);
    }

    public TransferParameters withAnnounced(long bytes) {
        return new TransferParameters(ascii, extendedOnly, facts, hash, bytes);
    }
}
