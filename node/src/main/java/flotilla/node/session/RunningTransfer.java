package flotilla.node.session;

import flotilla.node.event.NodeEvent;
import flotilla.node.session.SavedTransfer.Phase;
import flotilla.node.state.SessionState;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferResult;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** A transfer from its command to its last reply. Part of the session's actor. */
final class RunningTransfer {
    private final long sequence;
    private final TransferOrder order;
    private final String opening;
    private final Queue<Long> aborts = new ArrayDeque<>();
    private Phase phase = Phase.LOCKING;
    private String lock;

    /**
     * @param sequence of its command
     * @param opening text of its 150
     */
    RunningTransfer(long sequence, TransferOrder order, String opening) {
        this.sequence = sequence;
        this.order = order;
        this.opening = opening;
        this.lock = order.transfer() instanceof Transfer.Receive receive ? receive.lockName() : "";
    }

    /** What another incarnation had begun. */
    static RunningTransfer restored(SavedTransfer saved) {
        RunningTransfer transfer = new RunningTransfer(saved.sequence(), saved.order(), saved.opening());
        transfer.phase = saved.phase();
        transfer.lock = saved.lock();
        transfer.aborts.addAll(saved.aborts());
        return transfer;
    }

    /** What another incarnation needs to go on with it. */
    SavedTransfer saved() {
        return new SavedTransfer(sequence, order, opening, phase, lock, List.copyOf(aborts));
    }

    /** For those who listen to the node's events. @param state of the session at its end */
    NodeEvent.TransferFinished finished(SessionState state, TransferResult result) {
        return new NodeEvent.TransferFinished(
                state.link(),
                state.login().name(),
                state.login().clientName(),
                order.transfer(),
                result,
                order.protection().tls());
    }

    long sequence() {
        return sequence;
    }

    TransferOrder order() {
        return order;
    }

    String opening() {
        return opening;
    }

    long id() {
        return order.transferId();
    }

    Phase phase() {
        return phase;
    }

    void enter(Phase next) {
        phase = next;
    }

    /** The file that it has locked or is about to; empty for none. */
    String lock() {
        return lock;
    }

    /** Another session has the file. */
    void forgetLock() {
        lock = "";
    }

    /** Whether this is the number of its command, or of an ABOR for it. */
    boolean isCommand(long number) {
        return number == sequence || aborts.contains(number);
    }

    /** @param abort number of an ABOR, which is answered after the transfer's end */
    void abortedBy(long abort) {
        aborts.add(abort);
    }

    Queue<Long> aborts() {
        return aborts;
    }
}
