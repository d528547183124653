package flotilla.node.message;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.state.Link;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.transfer.TransferResult;
import java.net.InetAddress;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What a session (the server-PI) is told. */
public interface SessionMessage extends Wire {

    /** A client connected; the session greets it through {@code control}. With implicit TLS the handshake is done. */
    record Connected(
            @Tag(1) Link link,
            @Tag(2) Optional<TlsFacts> tls,
            @Tag(3) ActorRef<ControlMessage> control) implements SessionMessage {}

    /**
     * A command line.
     *
     * @param sequence counts the lines of the control connection from 1
     * @param attempt 0 at first, then how often it was sent again: a session that knows the number does nothing twice
     * @param established what the handshake of this control connection settled, until a reply shows that the session knows
     */
    record Command(
            @Tag(1) long sequence,
            @Tag(2) int attempt,
            @Tag(3) String verb,
            @Tag(4) Optional<String> argument,
            @Tag(5) ActorRef<ControlMessage> control,
            @Tag(6) Optional<TlsFacts> established)
            implements SessionMessage {
        /** The same, sent once more. */
        public Command again() {
            return new Command(sequence, attempt + 1, verb, argument, control, established);
        }

        /** Without the argument, which may be a password. */
        @Override
        public String toString() {
            return "Command[" + sequence + ", " + verb + "]";
        }
    }

    /** The handshake after AUTH is done. */
    record TlsEstablished(@Tag(1) TlsFacts facts) implements SessionMessage {}

    /** The control connection is gone; told until {@link ControlMessage.Released}. @param reason for the log */
    record ControlClosed(@Tag(1) String reason, @Tag(2) ActorRef<ControlMessage> control) implements SessionMessage {}

    /** The node of the session is lost: whoever gets this goes on with it. */
    enum Wake implements SessionMessage {
        INSTANCE
    }

    /**
     * A data connection is there.
     *
     * @param port the passive port it came to; 0 when we connected out
     * @param foreign whether it came from another address than the control connection, and took no lease: only its TLS session can prove that it belongs here
     */
    record DataArrived(
            @Tag(1) ActorRef<DataMessage> data,
            @Tag(2) int port,
            @Tag(3) boolean foreign) implements SessionMessage {
        public DataArrived(ActorRef<DataMessage> data, int port) {
            this(data, port, false);
        }
    }

    /** A data connection offered the TLS session of somebody else, and is closed; told until there is an answer. */
    record DataRefused(
            @Tag(1) ActorRef<DataMessage> data, @Tag(2) int port) implements SessionMessage {}

    /**
     * Asks whether this is a session of that user, or of none yet, from that address: a data connection of another session has offered its TLS session. One that has
     * ended is no evidence against anybody.
     */
    record Vouch(
            @Tag(1) String user,
            @Tag(2) InetAddress client,
            @Tag(3) ActorRef<DataMessage> replyTo) implements SessionMessage {}

    /** Connecting out failed. */
    record DataFailed(@Tag(1) String reason) implements SessionMessage {}

    /** A transfer ended and its data connection is closed. */
    record TransferEnded(@Tag(1) TransferResult result) implements SessionMessage {}

    /** The answer to {@link DataMessage.Inquire}. */
    record Progress(@Tag(1) long sequence, @Tag(2) long bytes) implements SessionMessage {}

    /** The account of the user who is logged in may have changed. */
    enum AccountChanged implements SessionMessage {
        INSTANCE
    }

    /** An operator ends the session. @param reason told to the client */
    record Kick(@Tag(1) String reason) implements SessionMessage {}
}
