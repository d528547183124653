package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import flotilla.cluster.SignIns;
import flotilla.cluster.stage.Stages;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Sign-ins in a map. An entry expires when its operator has done nothing for long. */
public final class SharedSignIns implements SignIns {
    private final IMap<String, SignIn> map;
    private final Stages stages;
    private final Executor blocking;

    /**
     * Uses {@code map}.
     *
     * @param blocking runs calls of Hazelcast that wait for other members
     */
    public SharedSignIns(IMap<String, SignIn> map, Stages stages, Executor blocking) {
        this.map = map;
        this.stages = stages;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Boolean> keep(String key, SignIn signIn, Duration idle) {
        return stages.run(() -> CompletableFuture.supplyAsync(() -> hasRoom(signIn.token()), blocking), room -> room)
                .thenCompose(room -> room
                        ? stages.run(() -> map.setAsync(key, signIn, millis(idle), TimeUnit.MILLISECONDS), done -> true)
                        : CompletableFuture.completedFuture(false));
    }

    private boolean hasRoom(String token) {
        List<String> own = map.entrySet().stream()
                .filter(entry -> entry.getValue().token().equals(token))
                .sorted(Comparator.comparing(entry -> entry.getValue().until()))
                .map(Map.Entry::getKey)
                .toList();
        own.stream().limit(Math.max(0, own.size() - MOST_OF_ONE + 1)).forEach(map::delete);
        return map.size() < MOST;
    }

    @Override
    public CompletionStage<Map<String, SignIn>> checkedBy(String node) {
        return stages.run(
                () -> CompletableFuture.supplyAsync(
                        () -> map.entrySet().stream()
                                .filter(entry -> entry.getValue().node().equals(node))
                                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)),
                        blocking),
                found -> found);
    }

    private static long millis(Duration idle) {
        return Math.max(1, idle.toMillis());
    }

    @Override
    public CompletionStage<Optional<SignIn>> find(String key) {
        return stages.run(() -> map.getAsync(key), found -> Optional.ofNullable(found)
                .filter(one -> one.until().isAfter(Instant.now())));
    }

    @Override
    public CompletionStage<Void> used(String key, Duration idle) {
        return stages.run(
                () -> CompletableFuture.supplyAsync(
                        () -> map.setTtl(key, millis(idle), TimeUnit.MILLISECONDS), blocking),
                done -> null);
    }

    @Override
    public CompletionStage<Void> end(String key) {
        return stages.run(() -> map.removeAsync(key), removed -> null);
    }
}
