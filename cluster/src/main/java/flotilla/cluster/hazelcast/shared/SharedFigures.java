package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import flotilla.cluster.Figures;
import flotilla.cluster.stage.Stages;
import flotilla.cluster.stage.Voids;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Figures in a map, from the minute, the part, and the id of the member that has counted. An entry expires after
 * {@value Figures#HOURS} hours.
 */
public final class SharedFigures implements Figures {
    private final IMap<String, Minute> map;
    private final String member;
    private final Stages stages;
    private final Executor blocking;

    /**
     * Uses {@code map}.
     *
     * @param member id of this member, which differs at each start
     * @param blocking lists the keys, which blocks
     */
    public SharedFigures(IMap<String, Minute> map, String member, Stages stages, Executor blocking) {
        this.map = map;
        this.member = member;
        this.stages = stages;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Void> keep(Part part, Minute minute) {
        String key = minute.minute() + " " + part + " " + member;
        return stages.run(() -> map.setAsync(key, minute, HOURS, TimeUnit.HOURS), Voids::of);
    }

    @Override
    public CompletionStage<List<Minute>> since(Part part, long first) {
        return stages.run(
                () -> CompletableFuture.supplyAsync(() -> map.getAll(wanted(part, first)), blocking),
                found -> List.copyOf(found.values()));
    }

    private Set<String> wanted(Part part, long first) {
        return map.keySet().stream()
                .filter(key -> {
                    String[] words = key.split(" ", 3);
                    return words[1].equals(part.name()) && Long.parseLong(words[0]) >= first;
                })
                .collect(Collectors.toSet());
    }
}
