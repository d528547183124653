package flotilla.node.session;

import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** The lock of the file that a transfer writes: no other session of the cluster writes it meanwhile. Part of the session's actor. */
final class FileLock {
    /** What came of asking for it. */
    enum Grant {
        GRANTED,
        BUSY,
        /** Nobody knows: the file may be locked all the same. */
        NOT_ANSWERED
    }

    record Answered(long transferId, Grant grant) {}

    private final ActorContext<Object> context;
    private final SessionEnvironment env;
    private final Conversation client;

    FileLock(ActorContext<Object> context, SessionEnvironment env, Conversation client) {
        this.context = context;
        this.env = env;
        this.client = client;
    }

    /** Asks for the lock; the session gets {@link Answered}. */
    void ask(RunningTransfer transfer) {
        long id = transfer.id();
        context.pipeToSelf(
                env.cluster()
                        .uploadLocks()
                        .lock(transfer.lock(), client.state().link().holder()),
                (granted, failure) ->
                        new Answered(id, failure != null ? Grant.NOT_ANSWERED : granted ? Grant.GRANTED : Grant.BUSY));
    }

    /** Gives back what the transfer has locked, or may have. */
    void giveBack(RunningTransfer transfer) {
        if (!transfer.lock().isEmpty()) {
            env.cluster().uploadLocks().unlock(transfer.lock(), client.sessionId());
        }
    }
}
