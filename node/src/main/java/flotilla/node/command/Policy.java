package flotilla.node.command;

import flotilla.cluster.Leniency;
import flotilla.cluster.User;
import java.util.Set;
import java.util.function.BiFunction;

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
 * @param acceptMissingCloseNotify uploads may end by FIN alone (old devices)
 * @param allowed what is off by default and allowed here
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
        int maxStatEntries,
        boolean acceptMissingCloseNotify,
        Set<OptIn> allowed) {

    /** Commands that are refused unless the operator allows them. */
    public enum OptIn {
        /** CCC: the control connection may leave TLS (for NATs that read it). */
        CCC,
        /** REIN: a session may begin anew. */
        REIN
    }

    public Policy {
        hosts = Set.copyOf(hosts);
        allowed = Set.copyOf(allowed);
    }

    /** The same, allowing these too. */
    public Policy allowing(OptIn... more) {
        return new Policy(
                tlsAvailable,
                requireTls,
                requireDataTls,
                lenientBufferSize,
                active,
                asciiAsBinary,
                replaceOnRename,
                hosts,
                maxHashBytes,
                maxStatEntries,
                acceptMissingCloseNotify,
                Set.of(more));
    }

    /** The same for a listener with its own demands on TLS. */
    public Policy withTls(boolean available, boolean required, boolean dataRequired) {
        return new Policy(
                available,
                required,
                dataRequired,
                lenientBufferSize,
                active,
                asciiAsBinary,
                replaceOnRename,
                hosts,
                maxHashBytes,
                maxStatEntries,
                acceptMissingCloseNotify,
                allowed);
    }

    /** The same with other answers for old clients. @param answers a value for each, given the present one */
    public Policy lenient(BiFunction<Leniency, Boolean, Boolean> answers) {
        return new Policy(
                tlsAvailable,
                requireTls,
                requireDataTls,
                answers.apply(Leniency.LENIENT_PBSZ, lenientBufferSize),
                active,
                answers.apply(Leniency.ASCII_AS_BINARY, asciiAsBinary),
                replaceOnRename,
                hosts,
                maxHashBytes,
                maxStatEntries,
                answers.apply(Leniency.ACCEPT_MISSING_CLOSE_NOTIFY, acceptMissingCloseNotify),
                allowed);
    }

    /** What applies to a user on a listener with this policy. */
    public Policy of(User user) {
        return user.leniencies().isEmpty()
                ? this
                : lenient((what, otherwise) -> what.in(user.leniencies()).orElse(otherwise));
    }
}
