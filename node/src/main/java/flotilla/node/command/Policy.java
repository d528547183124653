package flotilla.node.command;

import java.util.Set;

/**
 * What the operator allows, as far as commands decide on it.
 *
 * @param tlsAvailable whether AUTH can succeed
 * @param requireTls TLS before USER
 * @param requireDataTls PROT P for every transfer
 * @param lenientBufferSize PROT is taken without PBSZ (embedded clients)
 * @param active PORT and EPRT are allowed
 * @param asciiAsBinary TYPE A transfers bytes as they are (cameras)
 * @param replaceOnRename RNTO may replace a file
 * @param hosts names HOST may choose, lower case; empty turns HOST off
 * @param maxHashBytes largest file HASH reads
 * @param maxStatEntries most entries of STAT with a path
 */
public record Policy(
        boolean tlsAvailable,
        boolean requireTls,
        boolean requireDataTls,
        boolean lenientBufferSize,
        boolean active,
        boolean asciiAsBinary,
        boolean replaceOnRename,
        Set<String> hosts,
        long maxHashBytes,
        int maxStatEntries) {
    public Policy {
        hosts = Set.copyOf(hosts);
    }
}
