package flotilla.node.message;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.transfer.TransferOrder;
import org.apache.pekko.actor.typed.ActorRef;

/** The messages from a session to its data connection. */
public sealed interface DataMessage extends Wire {
    /**
     * Starts the TLS handshake before the transfer command: curl waits for the handshake before it sends the command.
     * It is a hint; the protection of the order decides.
     */
    record Prepare(@Tag(1) TransferOrder.Protection protection) implements DataMessage {}

    /**
     * Orders the transfer, once. The data connection closes after it.
     *
     * @param session gets the result, while it exists
     */
    record Perform(@Tag(1) TransferOrder order, @Tag(2) ActorRef<SessionMessage> session) implements DataMessage {}

    /**
     * Asks for the number of bytes moved, for STAT.
     *
     * @param sequence number of the command, returned with the answer
     */
    record Inquire(@Tag(1) long sequence) implements DataMessage {}

    /**
     * Confirms a result or a refusal; after a refusal, the lease is open again. The data connection repeats its report
     * until then, because the session may be moving to another node.
     */
    enum Acknowledge implements DataMessage {
        INSTANCE
    }

    /**
     * The answer of another session to {@link SessionMessage.Vouch}.
     *
     * @param kin false when the session belongs to another client
     */
    record Vouched(@Tag(1) boolean kin) implements DataMessage {}

    /** Aborts the transfer and closes the connection. */
    enum Abort implements DataMessage {
        INSTANCE
    }
}
