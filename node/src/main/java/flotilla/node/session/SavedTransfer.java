package flotilla.node.session;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.transfer.TransferOrder;
import java.util.List;

/**
 * A transfer in progress as it is kept in Hazelcast, so that another incarnation of the session can go on with it.
 *
 * @param sequence of its command
 * @param opening text of its 150
 * @param lock the file it has locked or is about to; empty for none
 * @param aborts sequences of the ABORs that wait for its end
 */
public record SavedTransfer(
        @Tag(1) long sequence,
        @Tag(2) TransferOrder order,
        @Tag(3) String opening,
        @Tag(4) Phase phase,
        @Tag(5) String lock,
        @Tag(6) List<Long> aborts)
        implements Wire {

    /** How far a transfer has come. */
    public enum Phase {
        /** Its file is being locked. */
        LOCKING,
        /** 150 is out; the data connection is awaited. */
        WAITING,
        /** The data connection has its order. */
        MOVING
    }

    public SavedTransfer {
        aborts = List.copyOf(aborts);
    }
}
