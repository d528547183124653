package flotilla.node.message;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.transfer.TransferOrder;

/** What a data connection is told by its session. */
public sealed interface DataMessage extends Wire {
    /** Does the transfer, then closes. Given once. */
    record Perform(@Tag(1) TransferOrder order) implements DataMessage {}

    /** Stops what it does and closes. */
    enum Abort implements DataMessage {
        INSTANCE
    }
}
