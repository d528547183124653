package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import flotilla.cluster.WriteStop;
import flotilla.cluster.stage.Stages;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The stop of all writing in a map with one entry, which every node keeps a copy of. The value is the time of its
 * beginning, a space and the reason.
 */
public final class SharedWriteStop implements WriteStop {
    private static final String KEY = "writing";

    private final IMap<String, String> map;
    private final LocalCopy<String> copy;
    private final Stages stages;
    private final Executor blocking;

    /** Uses {@code map}, and follows its changes from now on; {@code blocking} runs steps that block. */
    public SharedWriteStop(IMap<String, String> map, Stages stages, Executor blocking) {
        this.blocking = blocking;
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
        String value = text(new Stop(reason, Instant.now().truncatedTo(ChronoUnit.SECONDS)));
        return stages.run(() -> map.setAsync(KEY, value), done -> {
            copy.entries().put(KEY, value);
            return read(value);
        });
    }

    private static String text(Stop stop) {
        return stop.since() + " " + stop.reason();
    }

    @Override
    public CompletionStage<Boolean> replace(Optional<Stop> before, Optional<Stop> after) {
        Optional<String> old = before.map(SharedWriteStop::text);
        Optional<String> now = after.map(SharedWriteStop::text);
        return stages.run(() -> CompletableFuture.supplyAsync(() -> replaceNow(old, now), blocking), done -> {
            if (done) {
                now.ifPresentOrElse(value -> copy.entries().put(KEY, value), () -> copy.entries()
                        .remove(KEY));
            }
            return done;
        });
    }

    private boolean replaceNow(Optional<String> before, Optional<String> after) {
        if (before.isEmpty()) {
            return after.isPresent() ? map.putIfAbsent(KEY, after.get()) == null : !map.containsKey(KEY);
        }
        return after.isPresent() ? map.replace(KEY, before.get(), after.get()) : map.remove(KEY, before.get());
    }

    @Override
    public CompletionStage<Boolean> lift() {
        return stages.run(() -> map.removeAsync(KEY), removed -> {
            copy.entries().remove(KEY);
            return removed != null;
        });
    }
}
