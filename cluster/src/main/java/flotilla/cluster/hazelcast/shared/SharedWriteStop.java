package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import flotilla.cluster.WriteStop;
import flotilla.cluster.stage.Stages;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The stop of all writing in a map with one entry, which every node keeps a copy of. The value is the time of its
 * beginning, a space and the reason.
 */
public final class SharedWriteStop implements WriteStop {
    private static final String KEY = "writing";

    private final IMap<String, String> map;
    private final LocalCopy<String> copy;
    private final Stages stages;

    /** Uses {@code map}, and follows its changes from now on. */
    public SharedWriteStop(IMap<String, String> map, Stages stages) {
        this.map = map;
        this.copy = LocalCopy.of(map);
        this.stages = stages;
    }

    /** Copies the stop of the cluster to this node again. Blocks. */
    public void refresh() {
        copy.refresh();
    }

    @Override
    public Optional<Stop> find() {
        return Optional.ofNullable(copy.entries().get(KEY)).map(SharedWriteStop::read);
    }

    private static Stop read(String value) {
        int space = value.indexOf(' ');
        return new Stop(value.substring(space + 1), Instant.parse(value.substring(0, space)));
    }

    @Override
    public CompletionStage<Stop> stop(String reason) {
        String value = Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + reason;
        return stages.run(() -> map.setAsync(KEY, value), done -> {
            copy.entries().put(KEY, value);
            return read(value);
        });
    }

    @Override
    public CompletionStage<Boolean> lift() {
        return stages.run(() -> map.removeAsync(KEY), removed -> {
            copy.entries().remove(KEY);
            return removed != null;
        });
    }
}
