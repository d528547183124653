package flotilla.cluster.hazelcast.shared;

import com.hazelcast.topic.ITopic;
import flotilla.cluster.Bans.Ban;
import flotilla.cluster.Block;
import flotilla.cluster.accounts.DatabaseWork;
import flotilla.cluster.accounts.JdbcBanStore;
import flotilla.cluster.stage.Stages;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bans in the database, with a copy in this node's memory. A change is written first; then all nodes read them
 * again. They also do so now and then, for a message may be lost. While the database does not answer, the copy holds.
 */
final class KeptBans {
    private static final Logger LOG = LoggerFactory.getLogger(KeptBans.class);
    /** Looks between two readings without a cause. */
    private static final int RARELY = 6;

    private final Supplier<JdbcBanStore> store;
    private final DatabaseWork database;
    private final ITopic<String> changes;
    private final Stages stages;
    private final int most;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Map<String, Ban> all = Map.of();
    private volatile Map<Size, Map<Block, Ban>> bySize = Map.of();
    private volatile boolean isOld = true;
    private int looks;
    /** Rows at the last reading. */
    private int leftOut;

    private record Size(boolean v6, int bits) {}

    KeptBans(Supplier<JdbcBanStore> store, DatabaseWork database, ITopic<String> changes, Stages stages, int most) {
        this.store = store;
        this.database = database;
        this.changes = changes;
        this.stages = stages;
        this.most = most;
        changes.addMessageListener(message -> readLater());
    }

    /** Reads the bans. Blocks; gives up with a warning when the database does not answer. */
    void readNow() {
        try {
            use(readable(database.submit(() -> store.get().list(most)).join()));
            isOld = false;
        } catch (CompletionException | CancellationException e) {
            LOG.warn("the bans in the database cannot be read yet, and do not hold: {}", e.toString());
        }
    }

    /** Reads the bans again soon. A call while they are read leads to one more reading. */
    void readLater() {
        if (asked.getAndIncrement() == 0) {
            read();
        }
    }

    /** Reads the bans again if the last reading failed, or is long ago. */
    void look() {
        looks++;
        if (isOld || looks % RARELY == 0) {
            readLater();
        }
    }

    private void read() {
        int calls = asked.get();
        database.submit(() -> store.get().list(most)).whenComplete((bans, failure) -> {
            isOld = failure != null;
            if (failure == null) {
                use(readable(bans));
            } else {
                LOG.debug("the bans cannot be read", failure);
            }
            if (!asked.compareAndSet(calls, 0)) {
                read();
            }
        });
    }

    /** Leaves out rows that somebody else has written wrongly. Warns of the same ones once. */
    private synchronized List<Ban> readable(List<Ban> rows) {
        List<Ban> bans = rows.stream().filter(row -> isBlock(row.block())).toList();
        int number = rows.size() - bans.size();
        if (number > 0 && number != leftOut) {
            LOG.warn("{} bans in the database name no address or network, and do not hold", number);
        }
        leftOut = number;
        return bans;
    }

    private static boolean isBlock(String text) {
        try {
            Block.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private synchronized void use(Collection<Ban> bans) {
        Map<String, Ban> byText = new TreeMap<>();
        Map<Size, Map<Block, Ban>> sizes = new HashMap<>();
        for (Ban ban : bans) {
            Block block = Block.parse(ban.block());
            byText.put(ban.block(), ban);
            sizes.computeIfAbsent(size(block), any -> new HashMap<>()).put(block, ban);
        }
        all = byText;
        bySize = sizes;
    }

    private static Size size(Block block) {
        return new Size(block.base() instanceof Inet6Address, block.bits());
    }

    /** The ban in force of a block that has the address. Never blocks. */
    Optional<Ban> find(InetAddress address) {
        Map<Size, Map<Block, Ban>> sizes = bySize;
        if (sizes.isEmpty()) {
            return Optional.empty();
        }
        boolean v6 = address instanceof Inet6Address;
        for (Map.Entry<Size, Map<Block, Ban>> size : sizes.entrySet()) {
            if (size.getKey().v6() == v6) {
                Ban ban =
                        size.getValue().get(Block.around(address, size.getKey().bits()));
                if (ban != null && ban.until().isAfter(Instant.now())) {
                    return Optional.of(ban);
                }
            }
        }
        return Optional.empty();
    }

    List<Ban> list() {
        Instant now = Instant.now();
        return all.values().stream().filter(ban -> ban.until().isAfter(now)).toList();
    }

    boolean has(Block block) {
        return all.containsKey(block.toString());
    }

    /** Keeps a ban. Empty when there are too many. */
    CompletionStage<Optional<Ban>> put(Ban ban) {
        return change(() -> store.get().put(ban, most))
                .thenApply(done -> done ? Optional.of(ban) : Optional.<Ban>empty())
                .thenApply(kept -> {
                    kept.ifPresent(one -> here(bans -> bans.put(one.block(), one)));
                    return kept;
                });
    }

    CompletionStage<Boolean> remove(Block block) {
        return change(() -> store.get().remove(block.toString())).thenApply(removed -> {
            here(bans -> bans.remove(block.toString()));
            return removed;
        });
    }

    private CompletionStage<Boolean> change(Supplier<Boolean> work) {
        return stages.run(() -> database.submit(work), changed -> changed).thenApply(changed -> {
            if (changed) {
                changes.publishAsync("");
            }
            return changed;
        });
    }

    /** Makes a change in the copy, so that this node sees its own change at once. */
    private synchronized void here(Consumer<Map<String, Ban>> change) {
        Map<String, Ban> bans = new TreeMap<>(all);
        change.accept(bans);
        use(bans.values());
    }
}
