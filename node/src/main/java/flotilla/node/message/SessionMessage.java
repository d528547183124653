package flotilla.node.message;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.state.Link;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.transfer.TransferResult;
import java.net.InetAddress;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** The messages to a session (the server-PI). Those of this package come from anywhere; a session tells itself others. */
public interface SessionMessage {
    /** A message that may come from another node. */
    interface Remote extends SessionMessage, Wire {}

    /**
     * A client has connected; the session greets it through {@code control}.
     *
     * @param tls the facts of the handshake, with implicit TLS
     * @param control the control connection
     */
    record Connected(
            @Tag(1) Link link,
            @Tag(2) Optional<TlsFacts> tls,
            @Tag(3) ActorRef<ControlMessage> control) implements Remote {}

    /**
     * A command line.
     *
     * @param sequence counts the lines of the control connection from 1; a session runs a number once
     * @param control the control connection
     * @param established the facts of the control connection's handshake, until a reply shows that the session has them
     */
    record Command(
            @Tag(1) long sequence,
            @Tag(3) String verb,
            @Tag(4) Optional<String> argument,
            @Tag(5) ActorRef<ControlMessage> control,
            @Tag(6) Optional<TlsFacts> established)
            implements Remote {
        /** Hides the argument, which may be a password. */
        @Override
        public String toString() {
            return "Command[" + sequence + ", " + verb + "]";
        }
    }

    /** The handshake after AUTH is complete. */
    record TlsEstablished(@Tag(1) TlsFacts facts) implements Remote {}

    /**
     * The control connection has ended. It is repeated until {@link ControlMessage.Released}.
     *
     * @param reason the cause, for the log
     */
    record ControlClosed(@Tag(1) String reason, @Tag(2) ActorRef<ControlMessage> control) implements Remote {}

    /** The node of the session is lost; the receiver continues the session. */
    enum Wake implements Remote {
        INSTANCE
    }

    /**
     * A data connection has come.
     *
     * @param port the passive port that it came to; 0 when the server connected out
     * @param foreign true when it came from another address than the control connection and took no lease: only its TLS
     *     session can prove that it belongs here
     */
    record DataArrived(
            @Tag(1) ActorRef<DataMessage> data,
            @Tag(2) int port,
            @Tag(3) boolean foreign) implements Remote {
        public DataArrived(ActorRef<DataMessage> data, int port) {
            this(data, port, false);
        }
    }

    /**
     * A data connection offered the TLS session of another client and is refused. It is repeated until the session
     * answers.
     */
    record DataRefused(
            @Tag(1) ActorRef<DataMessage> data, @Tag(2) int port) implements Remote {}

    /**
     * Asks if this session may belong to the same client as another one: it has the same user or none yet, and the same
     * address. A data connection of the other session has offered this session's TLS session. An ended session is no
     * sign of a stranger.
     *
     * @param user the user of the other session
     * @param client the address of the other session's data connection
     */
    record Vouch(
            @Tag(1) String user,
            @Tag(2) InetAddress client,
            @Tag(3) ActorRef<DataMessage> replyTo) implements Remote {}

    /** The node of the control connection could not connect to the client (active mode). */
    record DataFailed() implements Remote {}

    /** A transfer has ended and its data connection is closed. */
    record TransferEnded(@Tag(1) TransferResult result) implements Remote {}

    /** The answer to {@link DataMessage.Inquire}. */
    record Progress(@Tag(1) long sequence, @Tag(2) long bytes) implements Remote {}

    /** The account of the user who is logged in may have changed. */
    enum AccountChanged implements Remote {
        INSTANCE
    }

    /**
     * An operator ends the session.
     *
     * @param reason the text of the client's last reply
     */
    record Kick(@Tag(1) String reason) implements Remote {}
}
