package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import flotilla.cluster.Block;
import flotilla.cluster.Freezes;
import flotilla.cluster.stage.Stages;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Freezes in a map, from {@code KIND:name}. An entry expires with its freeze; every node keeps a copy of all, which a
 * transfer reads before each piece.
 */
public final class SharedFreezes implements Freezes {
    private final IMap<String, Freeze> map;
    private final LocalCopy<Freeze> copy;
    private final Stages stages;
    /** The blocks of frozen addresses, by their texts. */
    private final Map<String, Block> blocks = new ConcurrentHashMap<>();

    /** Uses {@code map}, and follows its changes from now on. */
    public SharedFreezes(IMap<String, Freeze> map, Stages stages) {
        this.map = map;
        this.copy = LocalCopy.of(map);
        this.stages = stages;
    }

    /** Copies all freezes of the cluster to this node again. Blocks. */
    public void refresh() {
        copy.refresh();
    }

    @Override
    public Optional<Freeze> find(String session, String user, InetAddress address) {
        Map<String, Freeze> here = copy.entries();
        if (here.isEmpty()) {
            return Optional.empty();
        }
        return named(here, Kind.SESSION, session)
                .or(() -> named(here, Kind.USER, user))
                .or(() -> here.values().stream()
                        .filter(freeze -> freeze.kind() == Kind.ADDRESS && isInForce(freeze))
                        .filter(freeze -> block(freeze.name()).contains(address))
                        .findFirst());
    }

    private static Optional<Freeze> named(Map<String, Freeze> here, Kind kind, String name) {
        return Optional.ofNullable(here.get(key(kind, name))).filter(SharedFreezes::isInForce);
    }

    private Block block(String text) {
        if (blocks.size() > 2 * MOST) {
            blocks.clear();
        }
        return blocks.computeIfAbsent(text, Block::parse);
    }

    private static boolean isInForce(Freeze freeze) {
        return freeze.until().isAfter(Instant.now());
    }

    @Override
    public CompletionStage<Optional<Freeze>> freeze(
            Kind kind, String name, Duration duration, String reason, String by) {
        String key = key(kind, name);
        if (copy.entries().size() >= MOST && !copy.entries().containsKey(key)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Instant until = Instant.now().plus(duration).truncatedTo(ChronoUnit.MILLIS);
        Freeze freeze = new Freeze(kind, name, until, reason, by);
        return stages.run(
                () -> map.setAsync(key, freeze, Math.max(1, duration.toMillis()), TimeUnit.MILLISECONDS), done -> {
                    copy.entries().put(key, freeze);
                    return Optional.of(freeze);
                });
    }

    @Override
    public CompletionStage<Boolean> thaw(Kind kind, String name) {
        String key = key(kind, name);
        return stages.run(() -> map.removeAsync(key), removed -> {
            copy.entries().remove(key);
            return removed != null;
        });
    }

    @Override
    public List<Freeze> list() {
        return copy.entries().values().stream()
                .filter(SharedFreezes::isInForce)
                .sorted(Comparator.comparing(Freeze::kind).thenComparing(Freeze::name))
                .toList();
    }

    private static String key(Kind kind, String name) {
        return kind.name() + ':' + name;
    }
}
