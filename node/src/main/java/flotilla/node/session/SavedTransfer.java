package flotilla.node.session;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.transfer.TransferOrder;
import java.util.List;

/**
 * The record of a running transfer in Hazelcast, with which another incarnation of the session can continue it.
 *
 * @param sequence number of its command
 * @param opening text of its reply 150
 * @param lock the file that it has locked or is about to lock; empty for none
 * @param aborts numbers of the ABORs that are answered after its end
 */
public record SavedTransfer(
        @Tag(1) long sequence,
        @Tag(2) TransferOrder order,
        @Tag(3) String opening,
        @Tag(4) Phase phase,
        @Tag(5) String lock,
        @Tag(6) List<Long> aborts)
        implements Wire {

    /** The phase of a transfer. */
    public enum Phase {
        /** The session waits for the lock of the file. */
        LOCKING,
        /** The reply 150 is sent; the session waits for the data connection. */
        WAITING,
        /** The data connection has its order. */
        MOVING
    }

    public SavedTransfer {
        aborts = List.copyOf(aborts);
    }
}
