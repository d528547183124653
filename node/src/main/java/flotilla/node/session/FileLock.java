package flotilla.node.session;

import flotilla.node.transfer.Transfer;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/** The lock of the file that a transfer writes: no other session of the cluster writes it meanwhile. Part of the session's actor. */
final class FileLock {
    /** What came of asking for it. */
    enum Grant {
        GRANTED,
        BUSY,
        /** Nobody knows: the file may be locked all the same. */
        NOT_ANSWERED
    }

    record Answered(long transferId, String file, Grant grant) {}

    /** The time to ask once more has come. */
    record Again(long transferId) {}

    /** How often a busy file is asked for, and the pause between: who had it may have given it back, and that is still under way. */
    static final int TRIES = 5;

    static final Duration PAUSE = Duration.ofMillis(200);
    private static final String TIMER = "file-lock";

    private final TimerScheduler<Object> timers;
    private final SessionEnvironment env;
    private final Conversation client;
    private int refusals;

    FileLock(TimerScheduler<Object> timers, SessionEnvironment env, Conversation client) {
        this.timers = timers;
        this.env = env;
        this.client = client;
    }

    /** Asks for the lock; the session gets {@link Answered}. */
    void ask(RunningTransfer transfer) {
        refusals = 0;
        askOnce(transfer);
    }

    /** The file was busy. Asks once more after a pause, when the session gets {@link Again}; false after enough tries, or when nobody wants it any more. */
    boolean isAskedAgain(RunningTransfer transfer) {
        refusals++;
        if (refusals >= TRIES || !transfer.aborts().isEmpty()) {
            return false;
        }
        timers.startSingleTimer(TIMER, new Again(transfer.id()), PAUSE);
        return true;
    }

    /** The pause is over. @param running the session's transfer, if there is one */
    void askAgain(Again again, @Nullable RunningTransfer running) {
        if (running != null && running.id() == again.transferId() && running.phase() == SavedTransfer.Phase.LOCKING) {
            askOnce(running);
        }
    }

    private void askOnce(RunningTransfer transfer) {
        long id = transfer.id();
        String file = transfer.lock();
        client.pipeGrant(
                env.cluster()
                        .uploadLocks()
                        .lock(file, client.state().link().holder())
                        .thenCompose(granted -> granted ? begun(transfer) : CompletableFuture.completedFuture(false)),
                granted -> new Answered(id, file, granted ? Grant.GRANTED : Grant.BUSY),
                failure -> new Answered(id, file, Grant.NOT_ANSWERED));
    }

    /** A replacement is noted before the client is told to send: should it break at once, the old file is not gone on with. */
    private CompletionStage<Boolean> begun(RunningTransfer transfer) {
        if (!(transfer.order().transfer() instanceof Transfer.Receive receive) || !receive.replaces()) {
            return CompletableFuture.completedFuture(true);
        }
        try {
            return client.turn()
                    .tree()
                    .beginReplacing(VirtualPath.of(receive.path()))
                    .thenApply(noted -> true);
        } catch (StorageException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Gives back what the transfer has locked, or may have. */
    void giveBack(RunningTransfer transfer) {
        if (!transfer.lock().isEmpty()) {
            unlock(transfer.lock());
        }
    }

    /** Gives back what came after its transfer had ended: the lock may have overtaken its end. */
    void giveBack(Answered late) {
        if (late.grant() != Grant.BUSY) {
            unlock(late.file());
        }
    }

    private void unlock(String file) {
        env.cluster().uploadLocks().unlock(file, client.sessionId());
    }
}
