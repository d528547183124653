package flotilla.node.session;

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

    private final SessionEnvironment env;
    private final Conversation client;

    FileLock(SessionEnvironment env, Conversation client) {
        this.env = env;
        this.client = client;
    }

    /** Asks for the lock; the session gets {@link Answered}. */
    void ask(RunningTransfer transfer) {
        long id = transfer.id();
        String file = transfer.lock();
        client.pipeGrant(
                env.cluster().uploadLocks().lock(file, client.state().link().holder()),
                granted -> new Answered(id, file, granted ? Grant.GRANTED : Grant.BUSY),
                failure -> new Answered(id, file, Grant.NOT_ANSWERED));
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
