package flotilla.node.data;

import flotilla.cluster.RateShares;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Limits the bandwidth of users: all transfers of a user in one direction share one rate over all nodes. A node gets
 * the part of the rate that corresponds to its part of the transfers; it asks for its part every half second while it
 * has any.
 */
final class Throttles {
    private static final Duration REPORT = Duration.ofMillis(500);

    private final ConcurrentHashMap<String, Shared> shared = new ConcurrentHashMap<>();
    private final RateShares shares;

    Throttles(RateShares shares, ScheduledExecutorService scheduler) {
        this.shares = shares;
        ScheduledFuture<?> unused = scheduler.scheduleWithFixedDelay(
                () -> shared.forEach(this::report), REPORT.toMillis(), REPORT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void report(String key, Shared entry) {
        int own = entry.users.get();
        shares.report(key, own).thenAccept(all -> entry.bucket.rate(Math.max(1, entry.rate * own / Math.max(1, all))));
    }

    private static final class Shared {
        private final TokenBucket bucket;
        private final long rate;
        private final AtomicInteger users = new AtomicInteger();

        private Shared(long bytesPerSecond) {
            rate = bytesPerSecond;
            bucket = new TokenBucket(bytesPerSecond, System.nanoTime());
        }
    }

    /** Limits one transfer. Closed with the transfer. */
    interface Throttle extends AutoCloseable {
        Throttle UNLIMITED = new Throttle() {
            @Override
            public void await(int bytes) {}

            @Override
            public void close() {}
        };

        /** Blocks until {@code bytes} more may move. */
        void await(int bytes);

        @Override
        void close();
    }

    Throttle open(String user, boolean upload, long bytesPerSecond) {
        if (bytesPerSecond <= 0) {
            return Throttle.UNLIMITED;
        }
        String key = (upload ? "u:" : "d:") + user;
        Shared entry = shared.compute(key, (k, existing) -> {
            Shared kept = existing == null ? new Shared(bytesPerSecond) : existing;
            kept.users.incrementAndGet();
            return kept;
        });
        report(key, entry);
        return new Throttle() {
            @Override
            public void await(int bytes) {
                long nanos = entry.bucket.take(bytes, System.nanoTime());
                long until = System.nanoTime() + nanos;
                while (System.nanoTime() < until && !Thread.currentThread().isInterrupted()) {
                    LockSupport.parkNanos(until - System.nanoTime());
                }
            }

            @Override
            public void close() {
                shared.computeIfPresent(key, (k, kept) -> kept.users.decrementAndGet() == 0 ? null : kept);
                shares.report(key, entry.users.get());
            }
        };
    }
}
