package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import flotilla.cluster.ShortIds;
import flotilla.cluster.Traces;
import flotilla.cluster.stage.Stages;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Traces in a map, from a target to the end of its trace in milliseconds of the epoch. An entry expires with its trace;
 * every node keeps a copy of all.
 */
public final class SharedTraces implements Traces {
    private final IMap<String, Long> map;
    private final LocalCopy<Long> copy;
    private final Stages stages;

    /** Uses {@code map}, and follows its changes from now on. */
    public SharedTraces(IMap<String, Long> map, Stages stages) {
        this.map = map;
        this.copy = LocalCopy.of(map);
        this.stages = stages;
    }

    /** Copies all traces of the cluster to this node again. Blocks. */
    public void refresh() {
        copy.refresh();
    }

    @Override
    public boolean follows(String user, String address, String session) {
        Map<String, Long> here = copy.entries();
        return !here.isEmpty()
                && (isIn(here, user) || isIn(here, address) || isIn(here, session) || isIn(here, ShortIds.of(session)));
    }

    private static boolean isIn(Map<String, Long> here, String target) {
        Long end = here.get(target);
        return end != null && end > System.currentTimeMillis();
    }

    @Override
    public CompletionStage<Void> follow(Set<String> targets, Duration duration) {
        long end = Instant.now().plus(duration).toEpochMilli();
        List<CompletableFuture<?>> steps = new ArrayList<>();
        for (String ended : List.copyOf(copy.entries().keySet())) {
            if (!targets.contains(ended)) {
                steps.add(stages.run(
                        () -> map.removeAsync(ended), removed -> copy.entries().remove(ended)));
            }
        }
        for (String target : targets) {
            steps.add(stages.run(
                    () -> map.setAsync(target, end, Math.max(1, duration.toMillis()), TimeUnit.MILLISECONDS),
                    done -> copy.entries().put(target, end)));
        }
        return CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new));
    }

    @Override
    public Map<String, Instant> list() {
        Map<String, Instant> all = new TreeMap<>();
        copy.entries().forEach((target, end) -> all.put(target, Instant.ofEpochMilli(end)));
        all.values().removeIf(end -> !end.isAfter(Instant.now()));
        return all;
    }
}
