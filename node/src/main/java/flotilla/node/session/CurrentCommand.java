package flotilla.node.session;

import flotilla.node.command.Call;
import flotilla.node.command.CommandTable;
import flotilla.node.command.Effect;
import flotilla.node.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command that the session does, or did last. Part of the session's actor. */
final class CurrentCommand {
    /** What logs show before the first command, as of a transfer that another incarnation began. */
    private static final Request NONE = Request.of("-");

    private long sequence;
    private Call call;
    /** Whether the command still waits for its reply. */
    private boolean unanswered;
    /** The command may have changed files and its reply is not known to other incarnations. */
    private boolean begun;
    /** Ends the command, once that can be done; ABOR asks for it. */
    private @Nullable Runnable interrupt;
    /** ABORs that came during it: answered after it. */
    private List<Long> aborts = List.of();

    private boolean abandoned;

    CurrentCommand(CommandTable commands) {
        this.call = commands.call(NONE);
    }

    /** Goes on behind the command that another incarnation did last. */
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

    /** Whether this is the number of a command that was taken before. */
    boolean isKnown(long number) {
        return number <= sequence;
    }

    /** Whether this is an ABOR for the command that runs: then it is interrupted, and the ABOR answered after it. */
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

    /** Its effect may begin. */
    void begin() {
        begun = true;
    }

    /** Gives a command back that was not begun after all: it is sent again. */
    void giveBack() {
        unanswered = false;
        begun = false;
        sequence--;
    }

    /** @param cancel ends the command early */
    void interruptible(Runnable cancel) {
        interrupt = cancel;
        interruptIfAsked();
    }

    /** Nobody waits for the reply any more. */
    void abandon() {
        abandoned = true;
        interruptIfAsked();
    }

    private void interruptIfAsked() {
        if (interrupt != null && (abandoned || !aborts.isEmpty())) {
            interrupt.run();
        }
    }

    /** Its last reply is out. @return the ABORs to answer now */
    List<Long> answered() {
        unanswered = false;
        interrupt = null;
        List<Long> due = aborts;
        aborts = List.of();
        return due;
    }
}
