package flotilla.cluster.hazelcast;

import com.hazelcast.map.IMap;
import flotilla.cluster.Limits;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Limits as one entry for each key, changed by a step on its partition's thread: exact, and no lock. */
final class SharedLimits implements Limits {
    private final IMap<String, Holders> map;
    private final UUID self;
    private final Stages stages;

    SharedLimits(IMap<String, Holders> map, UUID self, Stages stages) {
        this.map = map;
        this.self = self;
        this.stages = stages;
    }

    @Override
    public CompletionStage<Boolean> acquire(Key key, String holder, int max) {
        return stages.run(
                () -> map.submitToKey(text(key), new HolderProcessors.Acquire(holder, self, max)), taken -> taken);
    }

    @Override
    public CompletionStage<Void> release(Key key, String holder) {
        return stages.run(() -> map.submitToKey(text(key), new HolderProcessors.Release(holder)), Nothing::of);
    }

    @Override
    public CompletionStage<Integer> held(Key key) {
        return stages.run(() -> map.submitToKey(text(key), new HolderProcessors.Count()), count -> count);
    }

    private static String text(Key key) {
        return key.kind().name() + ':' + key.value();
    }
}
