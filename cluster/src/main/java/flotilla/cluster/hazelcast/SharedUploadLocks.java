package flotilla.cluster.hazelcast;

import com.hazelcast.map.IMap;
import flotilla.cluster.UploadLocks;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Upload locks as one entry for each file that is being written. */
final class SharedUploadLocks implements UploadLocks {
    private final IMap<String, UploadLock> map;
    private final UUID self;
    private final Stages stages;

    SharedUploadLocks(IMap<String, UploadLock> map, UUID self, Stages stages) {
        this.map = map;
        this.self = self;
        this.stages = stages;
    }

    @Override
    public CompletionStage<Boolean> lock(String file, String sessionId) {
        return stages.run(() -> map.submitToKey(file, new LockProcessors.Lock(sessionId, self)), taken -> taken);
    }

    @Override
    public CompletionStage<Void> unlock(String file, String sessionId) {
        return stages.run(() -> map.submitToKey(file, new LockProcessors.Unlock(sessionId)), Nothing::of);
    }

    /** Asks every member, so not for threads that must not wait. */
    @Override
    public int held() {
        return map.size();
    }
}
