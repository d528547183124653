package flotilla.node.data;

import flotilla.cluster.RateShares;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Limits the bandwidth of transfers: of a session, of a user over all nodes, and of the whole cluster, each in one
 * direction. A node gets the part of a shared rate that corresponds to its part of the transfers; it asks for its part
 * every half second while it has any.
 */
final class Throttles {
    private static final Duration REPORT = Duration.ofMillis(500);
    /** Waits longer than this report that the transfer is alive. */
    private static final long SLICE_NANOS = Duration.ofMillis(500).toNanos();

    private final ConcurrentHashMap<String, Shared> shared = new ConcurrentHashMap<>();
    private final RateShares shares;
    private final Supplier<Rates> rates;

    /** @param rates the rates in force, asked for each piece of each transfer */
    Throttles(RateShares shares, Supplier<Rates> rates, ScheduledExecutorService scheduler) {
        this.shares = shares;
        this.rates = rates;
        ScheduledFuture<?> unused = scheduler.scheduleWithFixedDelay(
                () -> shared.forEach(this::report), REPORT.toMillis(), REPORT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void report(String key, Shared entry) {
        int own = entry.users.get();
        shares.report(key, own).thenAccept(all -> entry.bucket.rate(Rates.part(entry.rate, own, all)));
    }

    private static final class Shared {
        private final TokenBucket bucket;
        private volatile long rate;
        private final AtomicInteger users = new AtomicInteger();

        private Shared(long bytesPerSecond) {
            rate = bytesPerSecond;
            bucket = new TokenBucket(bytesPerSecond, System.nanoTime());
        }

        private void change(long bytesPerSecond) {
            if (rate != bytesPerSecond) {
                rate = bytesPerSecond;
                bucket.restart(bytesPerSecond, System.nanoTime());
            }
        }
    }

    /** Limits one transfer. Closed with the transfer. */
    interface Throttle extends AutoCloseable {
        Throttle UNLIMITED = new Throttle() {
            @Override
            public void await(int bytes, Runnable waiting, BooleanSupplier cancelled) {}

            @Override
            public void close() {}
        };

        /**
         * Blocks until {@code bytes} more may move.
         *
         * @param waiting called at least every second meanwhile
         * @param cancelled ends the wait within a second when it has become true
         */
        void await(int bytes, Runnable waiting, BooleanSupplier cancelled);

        /** Blocks until {@code bytes} more may move, as above. */
        default void await(int bytes, Runnable waiting) {
            await(bytes, waiting, () -> false);
        }

        @Override
        void close();
    }

    /** Begins to limit a transfer of a user, whose account has this rate; 0 for none. */
    Throttle open(String user, boolean upload, long bytesPerSecond) {
        return new Following(user, upload ? "u" : "d", bytesPerSecond);
    }

    /**
     * Returns the lowest rate in force that a transfer of such an account is limited by; 0 for none. A rate that is
     * shared may leave less.
     */
    long lowest(long bytesPerSecond) {
        Rates now = rates.get();
        return LongStream.of(now.perSession(), now.ofUser(bytesPerSecond), now.total())
                .filter(rate -> rate > 0)
                .min()
                .orElse(0);
    }

    /** The limits of a transfer while the rates stay as they are. */
    private Throttle limited(Rates now, String user, String direction, long bytesPerSecond) {
        List<TokenBucket> buckets = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        if (now.perSession() > 0) { // a session has one transfer at a time
            buckets.add(new TokenBucket(now.perSession(), System.nanoTime()));
        }
        join(direction + ":" + user, now.ofUser(bytesPerSecond), keys, buckets);
        join(direction, now.total(), keys, buckets);
        return buckets.isEmpty() ? Throttle.UNLIMITED : new Joined(now, List.copyOf(buckets), List.copyOf(keys));
    }

    private void join(String key, long bytesPerSecond, List<String> keys, List<TokenBucket> buckets) {
        if (bytesPerSecond <= 0) {
            return;
        }
        Shared entry = shared.compute(key, (k, existing) -> {
            Shared kept = existing == null ? new Shared(bytesPerSecond) : existing;
            kept.users.incrementAndGet();
            kept.change(bytesPerSecond);
            return kept;
        });
        report(key, entry);
        keys.add(key);
        buckets.add(entry.bucket);
    }

    private void leave(String key) {
        Shared left = shared.computeIfPresent(key, (k, kept) -> kept.users.decrementAndGet() == 0 ? null : kept);
        shares.report(key, left == null ? 0 : left.users.get());
    }

    /** A transfer under the rates in force, which may change while it runs. Used by the transfer's thread alone. */
    private final class Following implements Throttle {
        private final String user;
        private final String direction;
        private final long bytesPerSecond;
        private Rates known;
        private Throttle now;

        private Following(String user, String direction, long bytesPerSecond) {
            this.user = user;
            this.direction = direction;
            this.bytesPerSecond = bytesPerSecond;
            this.known = rates.get();
            this.now = limited(known, user, direction, bytesPerSecond);
        }

        @Override
        public void await(int bytes, Runnable waiting, BooleanSupplier cancelled) {
            Rates current = rates.get();
            if (!current.equals(known)) {
                now.close();
                known = current;
                now = limited(current, user, direction, bytesPerSecond);
            }
            now.await(bytes, waiting, cancelled);
        }

        @Override
        public void close() {
            now.close();
        }
    }

    /** A transfer under one or more rates: the slowest decides. */
    private final class Joined implements Throttle {
        private final Rates built;
        private final List<TokenBucket> buckets;
        private final List<String> keys;

        private Joined(Rates built, List<TokenBucket> buckets, List<String> keys) {
            this.built = built;
            this.buckets = buckets;
            this.keys = keys;
        }

        @Override
        public void await(int bytes, Runnable waiting, BooleanSupplier cancelled) {
            long now = System.nanoTime();
            long nanos = 0;
            for (TokenBucket bucket : buckets) {
                nanos = Math.max(nanos, bucket.take(bytes, now));
            }
            long until = now + nanos;
            long told = now;
            while (System.nanoTime() - until < 0
                    && !Thread.currentThread().isInterrupted()
                    && !cancelled.getAsBoolean()
                    && rates.get().equals(built)) { // a piece under a low rate may wait for minutes
                LockSupport.parkNanos(Math.min(SLICE_NANOS, until - System.nanoTime()));
                if (System.nanoTime() - told >= SLICE_NANOS) {
                    waiting.run();
                    told = System.nanoTime();
                }
            }
        }

        @Override
        public void close() {
            keys.forEach(Throttles.this::leave);
        }
    }
}
