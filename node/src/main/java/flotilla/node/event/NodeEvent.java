package flotilla.node.event;

import flotilla.node.protocol.Reply;
import flotilla.node.state.Link;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferResult;
import java.util.Optional;

/** An event on this node, for logs and metrics. It never holds a password. */
public sealed interface NodeEvent {
    /** A control connection was accepted, and its client has sent something. */
    record Connected(Link link) implements NodeEvent {}

    /**
     * A control connection was refused before it became a session.
     *
     * @param address text of the peer's address
     */
    record Refused(String address, Refusal why) implements NodeEvent {}

    /**
     * A connection came and went without a byte, as the health probe of a balancer does.
     *
     * @param data true for a passive port
     */
    record Probed(String address, boolean data) implements NodeEvent {}

    /** The session's shard moves to another node. */
    record HandedOff(Link link) implements NodeEvent {}

    /** The limit or rule that refused a connection. */
    enum Refusal {
        BANNED,
        TOTAL_SESSIONS,
        /** As many control connections as {@code limits.max-sessions-per-node} are at this node. */
        NODE_SESSIONS,
        ADDRESS_SESSIONS,
        /** More connections of the address than {@code limits.max-unauthenticated-per-address} have not logged in. */
        UNAUTHENTICATED,
        /** More connections than {@code limits.waiting-connections} wait for their slots. */
        OVERLOADED,
        /** This node does not see the cluster's storage. */
        STORAGE,
        DRAINING,
        NO_PROXY_HEADER,
        UNTRUSTED_PROXY,
        /** The lists of addresses ({@code flotilla.access}) refuse the client's address. */
        ADDRESS_DENIED
    }

    /**
     * A limit was reached, and something was refused or ended because of it.
     *
     * @param address text of the peer's address
     */
    record Limited(String address, Limit limit) implements NodeEvent {}

    /** The limits whose refusals cause no other event. */
    enum Limit {
        /** The handshake of a control connection failed or took too long. */
        HANDSHAKE,
        /** Too many wrong passwords came on one connection. */
        LOGIN_ATTEMPTS,
        /** All passive ports are leased to that address already. */
        PASSIVE_PORTS,
        /** Too many digests are computed at once. */
        DIGESTS
    }

    /**
     * The TLS handshake of a control connection failed or took too long. {@link Limit#HANDSHAKE} tells the same without
     * the reason.
     *
     * @param reason TLS's own text, or the fault of a certificate
     */
    record HandshakeFailed(Link link, String reason) implements NodeEvent {}

    /** The TLS handshake of a control connection succeeded. */
    record TlsStarted(Link link, TlsFacts facts) implements NodeEvent {}

    /**
     * The TLS handshake of a data connection succeeded.
     *
     * @param resumed true when it resumed the control connection's session
     */
    record DataSecured(String version, boolean resumed) implements NodeEvent {}

    /** A user has logged in. */
    record LoggedIn(Link link, String user, boolean byCertificate) implements NodeEvent {}

    /**
     * A login failed.
     *
     * @param why the reason, for the operator; the client often learns only that the login is incorrect
     * @param code of the reply to the client
     */
    record LoginFailed(Link link, String user, LoginFailure why, int code) implements NodeEvent {
        /**
         * Returns true when an account of that name was surely found. The name may otherwise be a password that was typed
         * in its place.
         */
        public boolean isOfAccount() {
            return switch (why) {
                case WRONG_PASSWORD, DISABLED, EXPIRED, ADDRESS_NOT_ALLOWED, HOME_FAILED, TOO_MANY_SESSIONS -> true;
                case UNKNOWN_USER, NOT_LISTED, TLS_REQUIRED, BANNED, BUSY, DIRECTORY_FAILED -> false;
            };
        }
    }

    /** The reason of a failed login. */
    enum LoginFailure {
        UNKNOWN_USER,
        WRONG_PASSWORD,
        DISABLED,
        EXPIRED,
        ADDRESS_NOT_ALLOWED,
        /** The list of user names refuses the name. No password was asked. */
        NOT_LISTED,
        TLS_REQUIRED,
        /** The home does not exist and cannot be created, or cannot be opened. */
        HOME_FAILED,
        TOO_MANY_SESSIONS,
        /** The address was banned while the connection existed. */
        BANNED,
        BUSY,
        DIRECTORY_FAILED
    }

    /** An address was banned automatically. */
    record Banned(String block, String reason) implements NodeEvent {}

    /** A transfer has ended. */
    record TransferFinished(
            Link link, String user, String clientName, Transfer transfer, TransferResult result, boolean tls, int code)
            implements NodeEvent {}

    /**
     * An upload was scanned before it became visible, or should have been.
     *
     * @param path its virtual path
     * @param what the signature, or why there is no verdict; empty for a clean file
     * @param bytes of the whole file
     * @param millis milliseconds from the last byte of the upload
     */
    record Scanned(
            String session,
            String user,
            String path,
            ScanResult result,
            ScanOutcome outcome,
            String what,
            long bytes,
            long millis)
            implements NodeEvent {}

    /** What a scanner said of an upload. */
    enum ScanResult {
        CLEAN,
        INFECTED,
        /** The scanner could not be reached, or the connection broke. */
        AWAY,
        /** The scan, or the wait for its turn, took too long. */
        TIMEOUT,
        /** The file is larger than what is scanned. */
        TOO_LARGE,
        /** The scanner failed. */
        REFUSED,
        /** The store could not read the upload back. */
        UNREADABLE
    }

    /** What became of an upload after its scan. */
    enum ScanOutcome {
        /** It could be stored. */
        PASSED,
        /** It was not stored, and its bytes stay as a part where that is possible. */
        REFUSED,
        /** It was not stored, and is in the quarantine. */
        QUARANTINED,
        /** It was not stored, and nothing is left of it. */
        DROPPED
    }

    /** A transfer got no data connection. */
    record NoDataConnection(Link link, String user) implements NodeEvent {}

    /**
     * A command that moves data was refused before its transfer began.
     *
     * @param argument the argument of the command, as it may be logged
     */
    record TransferRefused(Link link, String user, String verb, String argument, Reply reply) implements NodeEvent {}

    /**
     * A command changed the tree, or was refused.
     *
     * @param verb DELE, MKD, RMD, RNTO, SITE…
     * @param operation the kind of change in a word such as DELETE; the verb when there is no such word
     * @param path the absolute virtual path that the command names; the argument itself for SITE, MFMT and MFF
     * @param source the absolute virtual path that RNTO renames
     */
    record TreeChanged(
            Link link, String user, String verb, String operation, String path, Optional<String> source, Reply reply)
            implements NodeEvent {
        /** Returns true when the command succeeded. */
        public boolean done() {
            return reply.code() < 400;
        }
    }

    /** A command and its reply, for the protocol trace. */
    record Exchanged(Link link, String user, String request, int code, String reply) implements NodeEvent {}

    /**
     * A control connection has ended.
     *
     * @param loggedIn whether the user was logged in; the name may otherwise be a password that was typed in its place
     * @param reason the cause, for the log
     */
    record Disconnected(Link link, String user, boolean loggedIn, String reason) implements NodeEvent {}

    /** A session continues on this node after it was on another one. */
    record TakenOver(Link link, String user) implements NodeEvent {}

    /** A data socket came that no session got. */
    record StrayDataConnection(String address, int port, Stray why) implements NodeEvent {}

    /** The reason why no session got a data socket. */
    enum Stray {
        /** No session waits on that port. */
        NO_LEASE,
        /** A session waits on that port, but for another address. */
        WRONG_PEER,
        /** It came from a balancer without a PROXY header. */
        NO_PROXY_HEADER,
        /** It did not come through a balancer, and only balancers are trusted. */
        UNTRUSTED_PROXY,
        /** No thread was free to read its PROXY header. */
        NO_CAPACITY,
        /** It offered the TLS session of another user, or of a client at another address. */
        ANOTHER_SESSION,
        /** Owner unknown: the lookup failed, or the lookup queue was full. */
        LOOKUP_FAILED
    }
}
