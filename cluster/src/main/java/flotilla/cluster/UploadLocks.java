package flotilla.cluster;

import java.util.concurrent.CompletionStage;

/** One writer for each file, over all nodes. */
public interface UploadLocks {
    /** Locks a file for a session; false when another session holds it. {@code file} names the file uniquely in the storage. */
    CompletionStage<Boolean> lock(String file, Holder holder);

    /** Gives the lock back; without effect when it is another session's. */
    CompletionStage<Void> unlock(String file, String sessionId);

    /** Whether a file below the directory of that name is locked. Asks every member, so not for threads that must not wait. */
    boolean isAnyBelow(String directory);

    /** Locks held in the whole cluster. */
    int held();
}
