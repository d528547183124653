package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import flotilla.cluster.Holder;
import flotilla.cluster.UploadLocks;
import flotilla.cluster.hazelcast.entry.LockProcessors;
import flotilla.cluster.hazelcast.entry.UploadLock;
import flotilla.cluster.stage.GiveBacks;
import flotilla.cluster.stage.Stages;
import flotilla.cluster.stage.Voids;
import java.util.concurrent.CompletionStage;

/** Upload locks in a map, from the unique name of a file in the storage to the lock's holder. */
public final class SharedUploadLocks implements UploadLocks {
    private final IMap<String, UploadLock> map;
    private final Stages stages;
    private final GiveBacks giveBacks;

    /** Uses {@code map}. */
    public SharedUploadLocks(IMap<String, UploadLock> map, Stages stages) {
        this.map = map;
        this.stages = stages;
        this.giveBacks = stages.giveBacks();
    }

    @Override
    public CompletionStage<Boolean> lock(String file, Holder holder) {
        return giveBacks.after(
                name(file, holder.session()),
                () -> stages.insist(
                        () -> map.submitToKey(file, new LockProcessors.Lock(holder.session(), holder.member())),
                        taken -> taken));
    }

    @Override
    public CompletionStage<Void> unlock(String file, String sessionId) {
        return giveBacks.giveBack(
                name(file, sessionId),
                () -> stages.insist(() -> map.submitToKey(file, new LockProcessors.Unlock(sessionId)), Voids::of));
    }

    private static String name(String file, String sessionId) {
        return sessionId + ' ' + file;
    }

    @Override
    public boolean isAnyBelow(String directory) {
        String prefix = directory + "/";
        return map.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    /** Asks every member and blocks. */
    @Override
    public int held() {
        return map.size();
    }
}
