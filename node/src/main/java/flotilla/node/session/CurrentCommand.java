package flotilla.node.session;

import flotilla.node.command.Call;
import flotilla.node.command.CommandTable;
import flotilla.node.command.Effect;
import flotilla.node.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command that a session runs now; between commands, the last one. Part of the session's actor. */
final class CurrentCommand {
    /** The stand-in before the first command. Logs show it for a transfer that another incarnation began. */
    private static final Request NONE = Request.of("-");

    private long sequence;
    private Call call;
    /** True until the last reply of the command is sent. */
    private boolean unanswered;
    /** True when the command may have changed files and other incarnations do not know its reply. */
    private boolean begun;
    /** Ends the command early, when ABOR asks for that; null while the command cannot be interrupted. */
    private @Nullable Runnable interrupt;
    /** Numbers of the ABORs that came while the command ran; they are answered after it. */
    private List<Long> aborts = List.of();

    private boolean abandoned;

    CurrentCommand(CommandTable commands) {
        this.call = commands.call(NONE);
    }

    /**
     * Continues after the last command of another incarnation.
     *
     * @param last number of that command
     */
    void restore(long last) {
        sequence = last;
    }

    long sequence() {
        return sequence;
    }

    Call call() {
        return call;
    }

    boolean isUnanswered() {
        return unanswered;
    }

    boolean isBegun() {
        return begun;
    }

    /** Returns true for the number of a command that was taken before. */
    boolean isKnown(long number) {
        return number <= sequence;
    }

    /**
     * Returns true when {@code next} is an ABOR of the current command. It then interrupts the command; the ABOR is
     * answered after it.
     */
    boolean isAbortedBy(long number, Call next) {
        if (!unanswered || !call.does(Effect.INTERRUPTIBLE) || !next.does(Effect.ABORTS)) {
            return false;
        }
        aborts = new ArrayList<>(aborts);
        aborts.add(number);
        interruptIfAsked();
        return true;
    }

    void take(long number, Call next) {
        unanswered = true;
        begun = false;
        sequence = number;
        call = next;
    }

    /** Notes that the command may take effect from now on. */
    void begin() {
        begun = true;
    }

    /** Undoes {@link #take} for a command that has not begun: the control connection sends it again. */
    void giveBack() {
        unanswered = false;
        begun = false;
        sequence--;
    }

    /**
     * Makes the command interruptible.
     *
     * @param cancel ends the command early
     */
    void interruptible(Runnable cancel) {
        interrupt = cancel;
        interruptIfAsked();
    }

    /** Interrupts the command, because its client has gone. */
    void abandon() {
        abandoned = true;
        interruptIfAsked();
    }

    /**
     * Interrupts the command, because its session has to leave.
     *
     * @return whether it is one that changes files and can be interrupted: its end is worth waiting for
     */
    boolean endsForMove() {
        if (!unanswered || interrupt == null) {
            return false;
        }
        abandon();
        return call.does(Effect.CHANGES_FILES);
    }

    private void interruptIfAsked() {
        if (interrupt != null && (abandoned || !aborts.isEmpty())) {
            interrupt.run();
        }
    }

    /**
     * Notes that the last reply of the command is sent.
     *
     * @return numbers of the ABORs to answer now
     */
    List<Long> answered() {
        unanswered = false;
        interrupt = null;
        List<Long> due = aborts;
        aborts = List.of();
        return due;
    }
}
