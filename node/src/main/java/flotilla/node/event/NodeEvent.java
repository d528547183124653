package flotilla.node.event;

import flotilla.node.protocol.Reply;
import flotilla.node.state.Link;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferResult;
import java.util.Optional;

/** What happened on this node, for logs and metrics. Never holds a password. */
public sealed interface NodeEvent {
    /** A control connection was accepted, and its client has said something. */
    record Connected(Link link) implements NodeEvent {}

    /** A control connection was refused before a session was made. @param address text of the peer's address */
    record Refused(String address, Refusal why) implements NodeEvent {}

    /** A connection came and went without a byte, as balancers do to see whether we are there. @param data to a passive port */
    record Probed(String address, boolean data) implements NodeEvent {}

    /** The session's shard moves to another node. */
    record HandedOff(Link link) implements NodeEvent {}

    /** Why a connection or login was refused by a limit. */
    enum Refusal {
        BANNED,
        TOTAL_SESSIONS,
        ADDRESS_SESSIONS,
        /** More connections of the address than {@code limits.max-unauthenticated-per-address} have not logged in. */
        UNAUTHENTICATED,
        /** More connections than {@code limits.waiting-connections} wait for their slots. */
        OVERLOADED,
        /** This node does not see the cluster's storage. */
        STORAGE,
        DRAINING,
        NO_PROXY_HEADER,
        UNTRUSTED_PROXY
    }

    /** A bound was reached and something was refused or ended for it. @param address text of the peer's address */
    record Limited(String address, Limit limit) implements NodeEvent {}

    /** Bounds that refuse without ending in another event. */
    enum Limit {
        /** A control connection's handshake failed or took too long. */
        HANDSHAKE,
        /** Wrong passwords on one connection. */
        LOGIN_ATTEMPTS,
        /** Every passive port is leased to that address. */
        PASSIVE_PORTS,
        /** Digests computed at once. */
        DIGESTS
    }

    /** A TLS handshake of a control connection succeeded. */
    record TlsStarted(Link link, TlsFacts facts) implements NodeEvent {}

    /** A TLS handshake of a data connection succeeded. @param resumed whether it continued the control connection's session */
    record DataSecured(String version, boolean resumed) implements NodeEvent {}

    record LoggedIn(Link link, String user, boolean byCertificate) implements NodeEvent {}

    /** @param why for the operator; the client learns only that the login is incorrect */
    record LoginFailed(Link link, String user, LoginFailure why) implements NodeEvent {}

    /** Why a login failed. */
    enum LoginFailure {
        UNKNOWN_USER,
        WRONG_PASSWORD,
        DISABLED,
        EXPIRED,
        ADDRESS_NOT_ALLOWED,
        TLS_REQUIRED,
        /** The home does not exist and cannot be made, or cannot be opened. */
        HOME_FAILED,
        TOO_MANY_SESSIONS,
        /** The address was banned while the connection was there. */
        BANNED,
        BUSY,
        DIRECTORY_FAILED
    }

    /** An address was banned automatically. */
    record Banned(String block, String reason) implements NodeEvent {}

    record TransferFinished(
            Link link, String user, String clientName, Transfer transfer, TransferResult result, boolean tls)
            implements NodeEvent {}

    /** A transfer that got no data connection. */
    record NoDataConnection(Link link, String user) implements NodeEvent {}

    /**
     * A command changed the tree, or was refused.
     *
     * @param verb DELE, MKD, RMD, RNTO, SITE…
     * @param operation what the command does, in a word such as DELETE; the verb where it has none
     * @param path the absolute virtual path that it names; the argument where that is no path (SITE, MFMT, MFF)
     * @param source the absolute virtual path that RNTO renames
     */
    record TreeChanged(
            Link link, String user, String verb, String operation, String path, Optional<String> source, Reply reply)
            implements NodeEvent {
        public boolean done() {
            return reply.code() < 400;
        }
    }

    /** A command and its reply, for the protocol trace. */
    record Exchanged(Link link, String user, String request, int code, String reply) implements NodeEvent {}

    record Disconnected(Link link, String user, String reason) implements NodeEvent {}

    /** A session goes on here that was on another node. */
    record TakenOver(Link link, String user) implements NodeEvent {}

    /** A data socket that no session got. */
    record StrayDataConnection(String address, int port, Stray why) implements NodeEvent {}

    /** Why no session got a data socket. */
    enum Stray {
        /** Nobody waits on that port. */
        NO_LEASE,
        /** Somebody waits on that port, but not for that address. */
        WRONG_PEER,
        /** It came from a balancer, but not with a PROXY header. */
        NO_PROXY_HEADER,
        /** It came past the balancers, which alone are listened to. */
        UNTRUSTED_PROXY,
        /** Nobody had time to read its PROXY header. */
        NO_CAPACITY,
        /** It offered the TLS session of another user, or of a client at another address. */
        ANOTHER_SESSION,
        /** Whose it is was not known: the nodes could not be asked, or too many came at once. */
        LOOKUP_FAILED
    }
}
