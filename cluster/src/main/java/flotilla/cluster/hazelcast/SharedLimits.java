package flotilla.cluster.hazelcast;

import com.hazelcast.map.IMap;
import flotilla.cluster.Holder;
import flotilla.cluster.Limits;
import java.util.concurrent.CompletionStage;

/** Limits as one entry for each key, changed by a step on its partition's thread: exact, and no lock. */
final class SharedLimits implements Limits {
    private final IMap<String, Holders> map;
    private final Stages stages;

    SharedLimits(IMap<String, Holders> map, Stages stages) {
        this.map = map;
        this.stages = stages;
    }

    @Override
    public CompletionStage<Boolean> acquire(Key key, Holder holder, int max) {
        return stages.run(
                () -> map.submitToKey(text(key), new HolderProcessors.Acquire(holder.session(), holder.member(), max)),
                taken -> taken);
    }

    @Override
    public CompletionStage<Void> release(Key key, String session) {
        return stages.run(() -> map.submitToKey(text(key), new HolderProcessors.Release(session)), Nothing::of);
    }

    @Override
    public CompletionStage<Integer> held(Key key) {
        return stages.run(() -> map.submitToKey(text(key), new HolderProcessors.Count()), count -> count);
    }

    private static String text(Key key) {
        return key.kind().name() + ':' + key.value();
    }
}
