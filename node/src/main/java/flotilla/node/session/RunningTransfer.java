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
     * Begins a transfer in the phase that locks its file.
     *
     * @param sequence number of its command
     * @param opening text of its reply 150
     */
    RunningTransfer(long sequence, TransferOrder order, String opening) {
        this.sequence = sequence;
        this.order = order;
        this.opening = opening;
        this.lock = order.transfer() instanceof Transfer.Receive receive ? receive.lockName() : "";
    }

    /** Restores the transfer that a former incarnation had begun. */
    static RunningTransfer restored(SavedTransfer saved) {
        RunningTransfer transfer = new RunningTransfer(saved.sequence(), saved.order(), saved.opening());
        transfer.phase = saved.phase();
        transfer.lock = saved.lock();
        transfer.aborts.addAll(saved.aborts());
        return transfer;
    }

    /** The record with which another incarnation can continue the transfer. */
    SavedTransfer saved() {
        return new SavedTransfer(sequence, order, opening, phase, lock, List.copyOf(aborts));
    }

    /**
     * Makes the event that reports the end of the transfer.
     *
     * @param state the session's state at that time
     */
    NodeEvent.TransferFinished finished(SessionState state, TransferResult result) {
        return new NodeEvent.TransferFinished(
                state.link(),
                state.login().name(),
                state.login().clientName(),
                order.transfer(),
                result,
                order.protection().tls(),
                TransferReplies.of(result, order.transfer()).code());
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

    /** The file that the transfer has locked or is about to lock; empty for none. */
    String lock() {
        return lock;
    }

    /** Notes that the transfer has no lock, because another session has it. */
    void forgetLock() {
        lock = "";
    }

    /** Returns true for the number of the transfer's command, and for that of an ABOR of it. */
    boolean isCommand(long number) {
        return number == sequence || aborts.contains(number);
    }

    /**
     * Notes an ABOR, which is answered after the end of the transfer.
     *
     * @param abort number of the ABOR
     */
    void abortedBy(long abort) {
        aborts.add(abort);
    }

    Queue<Long> aborts() {
        return aborts;
    }
}
