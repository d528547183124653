package flotilla.node.message;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.transfer.TransferOrder;
import org.apache.pekko.actor.typed.ActorRef;

/** What a data connection is told by its session. */
public sealed interface DataMessage extends Wire {
    /**
     * Does the TLS handshake while the transfer command is still to come: curl waits for it before it sends the command.
     * A hint; what counts is the protection of the order.
     */
    record Prepare(@Tag(1) TransferOrder.Protection protection) implements DataMessage {}

    /** Does the transfer, then closes. Given once. @param session where to tell how it went, as long as it is there */
    record Perform(@Tag(1) TransferOrder order, @Tag(2) ActorRef<SessionMessage> session) implements DataMessage {}

    /** Asks how many bytes have moved, for STAT. @param sequence of the command, given back with the answer */
    record Inquire(@Tag(1) long sequence) implements DataMessage {}

    /** The session has the result, or has opened its lease again. Until then it is sent again: the session may just be moving to another node. */
    enum Acknowledge implements DataMessage {
        INSTANCE
    }

    /** Another session's answer to {@link SessionMessage.Vouch}. @param kin false when it is somebody else's */
    record Vouched(@Tag(1) boolean kin) implements DataMessage {}

    /** Stops what it does and closes. */
    enum Abort implements DataMessage {
        INSTANCE
    }
}
