package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import flotilla.cluster.AddressBlock;
import flotilla.cluster.Bans;
import flotilla.cluster.hazelcast.entry.LoginFailures;
import flotilla.cluster.stage.Stages;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Bans in a map that every node keeps a copy of. A key is an address block as {@link AddressBlock} writes it; an entry
 * expires with its ban.
 */
public final class SharedBans implements Bans {
    private final IMap<String, Ban> map;
    private final IMap<String, LoginFailures> failures;
    private final Stages stages;
    private final LocalCopy<Ban> copy;
    private final Map<String, Ban> here;

    /** Uses the map of bans, and the map of failed logins by address block. */
    public SharedBans(IMap<String, Ban> map, IMap<String, LoginFailures> failures, Stages stages) {
        this.map = map;
        this.failures = failures;
        this.stages = stages;
        this.copy = LocalCopy.of(map);
        this.here = copy.entries();
    }

    /** Copies all bans of the cluster to this node again. Blocks. */
    public void refresh() {
        copy.refresh();
    }

    @Override
    public Optional<Ban> find(InetAddress address) {
        if (here.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(here.get(AddressBlock.of(address))).filter(SharedBans::inForce);
    }

    @Override
    public CompletionStage<Void> ban(InetAddress address, Duration duration, String reason) {
        return put(address, duration, reason).thenAccept(ban -> {});
    }

    private CompletableFuture<Ban> put(InetAddress address, Duration duration, String reason) {
        Ban ban = new Ban(AddressBlock.of(address), Instant.now().plus(duration), reason);
        long millis = Math.max(1, duration.toMillis());
        return stages.run(() -> map.setAsync(ban.block(), ban, millis, TimeUnit.MILLISECONDS), done -> {
            here.put(ban.block(), ban);
            return ban;
        });
    }

    @Override
    public CompletionStage<Boolean> unban(InetAddress address) {
        String block = AddressBlock.of(address);
        return stages.run(() -> map.removeAsync(block), removed -> {
            here.remove(block);
            return removed != null;
        });
    }

    @Override
    public List<Ban> list(int limit) {
        return here.values().stream()
                .filter(SharedBans::inForce)
                .sorted(Comparator.comparing(Ban::block))
                .limit(limit)
                .toList();
    }

    @Override
    public int count() {
        return here.size();
    }

    @Override
    public CompletionStage<Optional<Ban>> loginFailed(
            InetAddress address, int threshold, Duration window, Duration banDuration, String users) {
        long now = System.currentTimeMillis();
        return stages.run(
                        () -> failures.submitToKey(
                                AddressBlock.of(address), new LoginFailures.Add(now, window.toMillis(), threshold)),
                        tooMany -> tooMany)
                .thenCompose(tooMany -> tooMany
                        ? put(address, banDuration, threshold + " wrong passwords, the last for " + users)
                                .thenApply(Optional::of)
                        : CompletableFuture.completedFuture(Optional.empty()));
    }

    private static boolean inForce(Ban ban) {
        return ban.until().isAfter(Instant.now());
    }
}
