package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import flotilla.cluster.Holder;
import flotilla.cluster.Limits;
import flotilla.cluster.hazelcast.entry.HolderProcessors;
import flotilla.cluster.hazelcast.entry.Holders;
import flotilla.cluster.stage.GiveBacks;
import flotilla.cluster.stage.Stages;
import flotilla.cluster.stage.Voids;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Limits in a map with one entry for each key. A step on the entry's partition thread changes it, so counts are exact
 * without a lock.
 */
public final class SharedLimits implements Limits {
    private final IMap<String, Holders> map;
    private final Set<UUID> gone;
    private final Stages stages;
    private final GiveBacks giveBacks;

    /**
     * Uses the map from {@code KIND:value} to holders.
     *
     * @param gone ids of members that are gone; their slots count as free even before the {@link Reclaimer} has
     *     released them
     */
    public SharedLimits(IMap<String, Holders> map, Set<UUID> gone, Stages stages) {
        this.map = map;
        this.gone = gone;
        this.stages = stages;
        this.giveBacks = stages.giveBacks();
    }

    @Override
    public CompletionStage<Boolean> acquire(Key key, Holder holder, int max) {
        return acquire(key, holder, max, Set.of())
                .thenCompose(taken -> taken || gone.isEmpty()
                        ? CompletableFuture.completedFuture(taken)
                        : acquire(key, holder, max, Set.copyOf(gone)));
    }

    private CompletionStage<Boolean> acquire(Key key, Holder holder, int max, Set<UUID> without) {
        HolderProcessors.Acquire step = new HolderProcessors.Acquire(holder.session(), holder.member(), max, without);
        return giveBacks.after(
                slot(key, holder.session()),
                () -> stages.insist(() -> map.submitToKey(text(key), step), taken -> taken));
    }

    @Override
    public CompletionStage<Void> release(Key key, String session) {
        return giveBacks.giveBack(
                slot(key, session),
                () -> stages.insist(
                        () -> map.submitToKey(text(key), new HolderProcessors.Release(session)), Voids::of));
    }

    private static String slot(Key key, String session) {
        return session + ' ' + text(key);
    }

    @Override
    public CompletionStage<Integer> held(Key key) {
        return stages.insist(() -> map.submitToKey(text(key), new HolderProcessors.Count()), count -> count);
    }

    /** A step counts on the member that keeps the entries, so that no holders are copied. */
    @Override
    public Map<Key, Integer> heldHere() {
        Map<Key, Integer> held = new HashMap<>();
        map.executeOnKeys(map.localKeySet(), new HolderProcessors.Count()).forEach((text, count) -> {
            if (count > 0) {
                held.put(key(text), count);
            }
        });
        return held;
    }

    private static Key key(String text) {
        int colon = text.indexOf(':');
        return new Key(Key.Kind.valueOf(text.substring(0, colon)), text.substring(colon + 1));
    }

    private static String text(Key key) {
        return key.kind().name() + ':' + key.value();
    }
}
