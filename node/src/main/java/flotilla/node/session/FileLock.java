package flotilla.node.session;

import flotilla.node.message.SessionMessage;
import flotilla.node.transfer.Transfer;
import flotilla.storage.VirtualPath;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Locks the file that a transfer writes, so that no other session of the cluster writes it meanwhile. Part of the
 * session's actor.
 */
final class FileLock {
    /** The answer to a request for the lock. */
    enum Grant {
        GRANTED,
        BUSY,
        /** No answer came; the file may be locked all the same. */
        NOT_ANSWERED
    }

    record Answered(long transferId, String file, Grant grant) implements SessionEvent {}

    /** The message that it is time to ask again. */
    record Again(long transferId) implements SessionEvent {}

    /**
     * Number of requests for a busy file, and the pause between them: the former holder's release may still be under
     * way.
     */
    static final int TRIES = 5;

    static final Duration PAUSE = Duration.ofMillis(200);
    private static final String TIMER = "file-lock";

    private final TimerScheduler<SessionMessage> timers;
    private final SessionEnvironment env;
    private final Conversation session;
    private final Grants grants;
    private int refusals;

    FileLock(Parts parts) {
        this.timers = parts.timers();
        this.env = parts.env();
        this.session = parts.session();
        this.grants = parts.grants();
    }

    /** Requests the lock; the answer is {@link Answered}. */
    void ask(RunningTransfer transfer) {
        refusals = 0;
        askOnce(transfer);
    }

    /**
     * Schedules another request after a pause, which ends with {@link Again}. Returns false after {@link #TRIES}
     * requests, and for a transfer that was aborted.
     */
    boolean isAskedAgain(RunningTransfer transfer) {
        refusals++;
        if (refusals >= TRIES || !transfer.aborts().isEmpty()) {
            return false;
        }
        timers.startSingleTimer(TIMER, new Again(transfer.id()), PAUSE);
        return true;
    }

    /**
     * Requests the lock again.
     *
     * @param running the session's transfer, if it has one
     */
    void askAgain(Again again, @Nullable RunningTransfer running) {
        if (running != null && running.id() == again.transferId() && running.phase() == SavedTransfer.Phase.LOCKING) {
            askOnce(running);
        }
    }

    private void askOnce(RunningTransfer transfer) {
        long id = transfer.id();
        String file = transfer.lock();
        grants.pipeGrant(
                env.cluster()
                        .uploadLocks()
                        .lock(file, session.state().link().holder())
                        .thenCompose(granted -> granted ? begun(transfer) : CompletableFuture.completedFuture(false)),
                granted -> new Answered(id, file, granted ? Grant.GRANTED : Grant.BUSY),
                failure -> new Answered(id, file, Grant.NOT_ANSWERED));
    }

    /**
     * Records a replacement before the client is told to send: if the upload breaks at once, no later upload continues
     * the old file.
     */
    private CompletionStage<Boolean> begun(RunningTransfer transfer) {
        if (!(transfer.order().transfer() instanceof Transfer.Receive receive) || !receive.replaces()) {
            return CompletableFuture.completedFuture(true);
        }
        return session.turn().tree().run(tree -> {
            tree.beginReplacing(VirtualPath.of(receive.path()));
            return true;
        });
    }

    /** Releases the lock that the transfer has, or may have. */
    void giveBack(RunningTransfer transfer) {
        if (!transfer.lock().isEmpty()) {
            unlock(transfer.lock());
        }
    }

    /** Releases a lock whose grant arrived after the end of its transfer. */
    void giveBack(Answered late) {
        if (late.grant() != Grant.BUSY) {
            unlock(late.file());
        }
    }

    private void unlock(String file) {
        env.cluster().uploadLocks().unlock(file, session.sessionId());
    }
}
