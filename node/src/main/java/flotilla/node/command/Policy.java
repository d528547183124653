package flotilla.node.command;

import flotilla.cluster.Leniency;
import flotilla.cluster.User;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The operator's rules, as far as commands decide on them.
 *
 * @param tlsAvailable true when AUTH can succeed
 * @param requireTls true to require TLS before USER
 * @param requireDataTls true to require PROT P for every transfer
 * @param lenientBufferSize true to accept PROT without PBSZ (embedded clients)
 * @param active true to allow PORT and EPRT
 * @param asciiAsBinary true when TYPE A transfers bytes unchanged (cameras)
 * @param replaceOnRename true when RNTO may replace a file
 * @param hosts names that HOST may choose, in lower case; empty turns HOST off
 * @param maxHashBytes size of the largest file that HASH reads, in bytes
 * @param maxStatEntries largest number of entries in a reply to STAT
 * @param acceptMissingCloseNotify true when uploads may end by FIN alone (old devices)
 * @param allowed commands that are off by default and allowed here
 * @param directoryMessage name of the file that CWD shows; empty for none
 * @param passive true to allow PASV and EPSV
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
        Set<OptIn> allowed,
        String directoryMessage,
        boolean passive) {

    /** Commands that are refused, and words that are left out, unless the operator allows them. */
    public enum OptIn {
        /** CCC: the control connection may leave TLS (for NAT gateways that read it). */
        CCC,
        /** REIN: a session may begin anew. */
        REIN,
        /** MODE Z: transfers under TLS may be compressed. */
        MODE_Z,
        /** LIST -R and NLST -R list the directories below, too. */
        RECURSIVE_LISTING,
        /** The replies 220, 230 and STAT tell the short id of the session. */
        SESSION_ID
    }

    public Policy {
        hosts = Set.copyOf(hosts);
        allowed = Set.copyOf(allowed);
    }

    /** A policy with passive mode, and without messages of directories. */
    public Policy(
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
        this(
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
                allowed,
                "",
                true);
    }

    /** The same policy, with a file that CWD shows. */
    public Policy showing(String message) {
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
                allowed,
                message,
                passive);
    }

    /** The same policy, with exactly these commands allowed. */
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
                Set.of(more),
                directoryMessage,
                passive);
    }

    /** The same policy for a listener with its own TLS rules. */
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
                allowed,
                directoryMessage,
                passive);
    }

    /**
     * The same policy with other leniencies for old clients.
     *
     * @param answers gives the new value of each leniency from its present one
     */
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
                allowed,
                directoryMessage,
                passive);
    }

    /** The policy of a user on a listener with this policy: the user's own leniencies count first. */
    public Policy of(User user) {
        return user.leniencies().isEmpty()
                ? this
                : lenient((what, otherwise) -> what.in(user.leniencies()).orElse(otherwise));
    }
}
