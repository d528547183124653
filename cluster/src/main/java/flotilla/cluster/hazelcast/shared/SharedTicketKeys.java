package flotilla.cluster.hazelcast.shared;

import com.hazelcast.core.EntryEvent;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import com.hazelcast.map.listener.EntryUpdatedListener;
import flotilla.cluster.TicketKeys;
import flotilla.cluster.hazelcast.entry.RotateKeys;
import flotilla.cluster.hazelcast.entry.TicketRing;
import flotilla.cluster.stage.Stages;
import flotilla.cluster.stage.Ticker;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ticket keys in one entry of a map, with a copy on every node. Every node checks their age; the first node that
 * finds them due rotates them.
 */
public final class SharedTicketKeys implements TicketKeys {
    private static final Logger LOG = LoggerFactory.getLogger(SharedTicketKeys.class);
    private static final String KEY = "ring";
    private static final TicketRing NONE = new TicketRing(0, List.of());

    private final IMap<String, TicketRing> map;
    private final long ageMillis;
    private final Stages stages;
    private final SecureRandom random = new SecureRandom();
    private volatile TicketRing ring = NONE;
    private final List<Consumer<List<TicketKey>>> listeners = new CopyOnWriteArrayList<>();

    /** Rotates the keys once the newest one is older than {@code age}. */
    public SharedTicketKeys(IMap<String, TicketRing> map, Duration age, Stages stages) {
        this.map = map;
        this.ageMillis = age.toMillis();
        this.stages = stages;
        map.addEntryListener(new Follower(), true);
    }

    /**
     * Fetches the keys, or makes the first ones, and then checks their age every tenth of it (between 100 ms and 1
     * min).
     *
     * @return completes once {@link #current} has keys; fails when the cluster does not answer in time
     */
    public CompletableFuture<TicketKeys> start(Ticker ticker) {
        long interval = Math.max(100, Math.min(ageMillis / 10, TimeUnit.MINUTES.toMillis(1)));
        return refresh().thenApply(fetched -> {
            ticker.every(interval, this::rotateWhenDue);
            return this;
        });
    }

    private void rotateWhenDue() {
        if (System.currentTimeMillis() - ring.created() >= ageMillis) {
            CompletableFuture<?> unused = refresh().whenComplete((done, failure) -> {
                if (failure != null) {
                    LOG.warn("ticket keys were not rotated: {}", failure.toString());
                }
            });
        }
    }

    private CompletableFuture<TicketRing> refresh() {
        RotateKeys rotate = new RotateKeys(freshKey(), System.currentTimeMillis(), ageMillis);
        return stages.run(() -> map.submitToKey(KEY, rotate), current -> {
            adopt(current);
            return current;
        });
    }

    /** Ignores keys that are older than the present ones: events may arrive out of order. */
    private synchronized void adopt(TicketRing next) {
        TicketRing before = ring;
        if (next.created() > before.created()) {
            ring = next;
            if (!before.keys().isEmpty()) {
                listeners.forEach(listener -> listener.accept(next.keys()));
            }
        }
    }

    @Override
    public List<TicketKey> current() {
        return ring.keys();
    }

    @Override
    public AutoCloseable onRotation(Consumer<List<TicketKey>> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private TicketKey freshKey() {
        return new TicketKey(randomBytes(16), randomBytes(32), randomBytes(16));
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Keeps this node's copy up to date. */
    private final class Follower
            implements EntryAddedListener<String, TicketRing>, EntryUpdatedListener<String, TicketRing> {
        @Override
        public void entryAdded(EntryEvent<String, TicketRing> event) {
            adopt(event.getValue());
        }

        @Override
        public void entryUpdated(EntryEvent<String, TicketRing> event) {
            adopt(event.getValue());
        }
    }
}
