package flotilla.cluster.hazelcast.shared;

import com.hazelcast.map.IMap;
import com.hazelcast.topic.ITopic;
import flotilla.cluster.AddressBlock;
import flotilla.cluster.Bans;
import flotilla.cluster.Block;
import flotilla.cluster.accounts.DatabaseWork;
import flotilla.cluster.accounts.JdbcBanStore;
import flotilla.cluster.hazelcast.entry.LoginFailures;
import flotilla.cluster.stage.Stages;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Bans in a map that every node keeps a copy of. A key is an address block as {@link AddressBlock} writes it; an entry
 * expires with its ban. Bans that are kept are in the database.
 */
public final class SharedBans implements Bans {
    /** How often {@link #look} is called. */
    public static final long LOOK_MILLIS = 10_000;

    private final IMap<String, Ban> map;
    private final IMap<String, LoginFailures> failures;
    private final Stages stages;
    private final LocalCopy<Ban> copy;
    private final Map<String, Ban> here;
    private final KeptBans kept;

    /**
     * Uses the map of bans, and the map of failed logins by address block.
     *
     * @param store the bans in the database, through {@code database}
     * @param changes the topic that tells all nodes of a change there
     * @param most bans in the database
     */
    public SharedBans(
            IMap<String, Ban> map,
            IMap<String, LoginFailures> failures,
            Supplier<JdbcBanStore> store,
            DatabaseWork database,
            ITopic<String> changes,
            int most,
            Stages stages) {
        this.kept = new KeptBans(store, database, changes, stages, most);
        this.map = map;
        this.failures = failures;
        this.stages = stages;
        this.copy = LocalCopy.of(map);
        this.here = copy.entries();
    }

    /** Reads the bans of the database for the first time. Blocks. */
    public void start() {
        kept.readNow();
    }

    /** Copies all bans of the cluster to this node again, and those of the database soon. Blocks. */
    public void refresh() {
        kept.readLater();
        copy.refresh();
    }

    /** Reads the bans of the database again when it is time. Cheap otherwise. */
    public void look() {
        kept.look();
    }

    @Override
    public Optional<Ban> find(InetAddress address) {
        Optional<Ban> found = kept.find(address);
        return found.isPresent() || here.isEmpty()
                ? found
                : Optional.ofNullable(here.get(AddressBlock.of(address))).filter(SharedBans::inForce);
    }

    @Override
    public CompletionStage<Void> ban(InetAddress address, Duration duration, String reason) {
        return put(address, duration, reason)
                .thenCompose(ban -> withdrawn(Block.of(address), true))
                .thenAccept(replaced -> {});
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
    public CompletionStage<Optional<Ban>> keep(Block block, Instant until, String reason) {
        return kept.put(new Ban(block.toString(), until, reason));
    }

    @Override
    public List<Ban> kept() {
        return kept.list();
    }

    @Override
    public CompletionStage<Boolean> unban(Block block) {
        CompletionStage<Boolean> forgotten =
                block.isOneClient() ? forget(block.toString()) : CompletableFuture.completedFuture(false);
        return forgotten.thenCompose(
                remembered -> withdrawn(block, remembered).thenApply(stored -> stored || remembered));
    }

    /**
     * Removes a kept ban, which another node may have made a moment ago. While the database does not answer, one that
     * nobody here knows of does not matter to a change that is made already.
     */
    private CompletionStage<Boolean> withdrawn(Block block, boolean isChanged) {
        boolean matters = kept.has(block) || !isChanged;
        CompletionStage<Boolean> removed = kept.remove(block);
        return matters ? removed : removed.exceptionally(silence -> false);
    }

    private CompletionStage<Boolean> forget(String block) {
        return stages.run(() -> map.removeAsync(block), removed -> {
            here.remove(block);
            return removed != null;
        });
    }

    @Override
    public List<Ban> list(int limit) {
        Map<String, Ban> all = new TreeMap<>(here);
        kept.list().forEach(ban -> all.put(ban.block(), ban));
        return all.values().stream().filter(SharedBans::inForce).limit(limit).toList();
    }

    @Override
    public int count() {
        return here.size() + kept.list().size();
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
