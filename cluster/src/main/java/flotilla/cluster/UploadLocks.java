package flotilla.cluster;

import java.util.concurrent.CompletionStage;

/**
 * Locks that allow one writer for each file, over all nodes.
 *
 * <p>Stages fail when the cluster does not answer within {@link ClusterSettings.Operations#patience}. A lock may have
 * been taken all the same, so the caller unlocks it.
 */
public interface UploadLocks {
    /**
     * Locks a file for a session. Completes with false when another session has the lock.
     *
     * @param file unique name of the file in the storage
     */
    CompletionStage<Boolean> lock(String file, Holder holder);

    /** Releases a lock. Has no effect when another session has it. */
    CompletionStage<Void> unlock(String file, String sessionId);

    /**
     * Whether a file below the directory of that name is locked. Asks every member and blocks; throws a runtime
     * exception when the cluster does not answer.
     */
    boolean isAnyBelow(String directory);

    /** The number of locks in the whole cluster. May ask every member and block. */
    int held();
}
