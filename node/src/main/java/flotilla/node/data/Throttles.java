package flotilla.node.data;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Bandwidth of users on this node: transfers of one user in one direction share one rate. */
final class Throttles {
    private final ConcurrentHashMap<String, Shared> shared = new ConcurrentHashMap<>();

    private static final class Shared {
        private final TokenBucket bucket;
        private int users;

        private Shared(long bytesPerSecond) {
            bucket = new TokenBucket(bytesPerSecond, System.nanoTime());
        }
    }

    /** What a transfer asks before it moves bytes. Closed with the transfer. */
    interface Throttle extends AutoCloseable {
        Throttle UNLIMITED = new Throttle() {
            @Override
            public void await(int bytes) {}

            @Override
            public void close() {}
        };

        /** Waits until {@code bytes} may move. */
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
            kept.users++;
            return kept;
        });
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
                shared.computeIfPresent(key, (k, kept) -> --kept.users == 0 ? null : kept);
            }
        };
    }
}
