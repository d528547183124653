package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import flotilla.cluster.RateShares;
import flotilla.cluster.hazelcast.entry.RateCounts;
import flotilla.cluster.hazelcast.entry.ReportRate;
import flotilla.cluster.stage.Stages;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Shared rates in a map, with one entry for each rate that is in use on any node. */
public final class SharedRates implements RateShares {
    private final IMap<String, RateCounts> map;
    private final UUID self;
    private final Stages stages;

    /** Reports as the member {@code self}. */
    public SharedRates(IMap<String, RateCounts> map, UUID self, Stages stages) {
        this.map = map;
        this.self = self;
        this.stages = stages;
    }

    @Override
    public CompletionStage<Integer> report(String key, int own) {
        return stages.run(() -> map.submitToKey(key, new ReportRate(self, own)), all -> Math.max(own, all));
    }
}
