package flotilla.node.overview;

import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The transfers whose data connections are on this node, with their rates. There are {@code limits.max-transfers} at
 * most.
 */
public final class LiveTransfers {
    private static final double WEIGHT = 0.4;

    private final ConcurrentHashMap<String, Moving> bySession = new ConcurrentHashMap<>();

    /** A transfer that moves bytes. */
    static final class Moving {
        private final String sessionId;
        private final long transferId;
        private final LongSupplier bytes;
        private final boolean resumed;
        private final long since = System.nanoTime();
        private long lastBytes;
        private long lastNanos = since;
        private volatile double rate = -1;

        private Moving(String sessionId, long transferId, boolean resumed, LongSupplier bytes) {
            this.sessionId = sessionId;
            this.transferId = transferId;
            this.resumed = resumed;
            this.bytes = bytes;
        }

        /** Runs on the thread of the ticker only. */
        private void sample(long now) {
            long moved = bytes.getAsLong();
            double lately = (moved - lastBytes) * 1e9 / Math.max(1, now - lastNanos);
            rate = rate < 0 ? lately : WEIGHT * lately + (1 - WEIGHT) * rate;
            lastBytes = moved;
            lastNanos = now;
        }

        OverviewMessage.Progress progress(String node) {
            long moved = bytes.getAsLong();
            double known = rate;
            double perSecond = known < 0 ? moved * 1e9 / Math.max(1, System.nanoTime() - since) : known;
            return new OverviewMessage.Progress(sessionId, transferId, node, moved, (long) perSecond, resumed);
        }
    }

    /** Starts to update the rates, once a second. */
    public void start(ScheduledExecutorService scheduler) {
        scheduler.scheduleWithFixedDelay(
                () -> {
                    long now = System.nanoTime();
                    bySession.values().forEach(moving -> moving.sample(now));
                },
                1,
                1,
                TimeUnit.SECONDS);
    }

    /**
     * Notes that a transfer begins to move bytes.
     *
     * @param resumed true when its TLS session was resumed
     * @param bytes the number of bytes moved so far
     * @return the action that must run at the end of the transfer
     */
    public Runnable begin(String sessionId, long transferId, boolean resumed, LongSupplier bytes) {
        Moving moving = new Moving(sessionId, transferId, resumed, bytes);
        bySession.put(sessionId, moving);
        return () -> bySession.remove(sessionId, moving);
    }

    Optional<Moving> find(String sessionId) {
        return Optional.ofNullable(bySession.get(sessionId));
    }

    Collection<Moving> all() {
        return bySession.values();
    }
}
