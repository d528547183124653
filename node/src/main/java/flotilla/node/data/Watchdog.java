package flotilla.node.data;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection that makes no progress, because a blocking read has no other time limit. Checks every
 * {@value #PERIOD_MILLIS} ms.
 */
final class Watchdog implements AutoCloseable {
    private static final long PERIOD_MILLIS = 250;
    /** In bytes a second; a storage that copies more slowly has stalled. */
    private static final long SLOWEST_COPY = 10 << 20;

    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final ScheduledFuture<?> task;

    /** An item with a deadline that progress moves. */
    interface Watched {
        /** The time after which it is overdue, as {@link System#nanoTime} gives it. */
        long deadline();

        /** Handles the overdue item. Called once; must not block. */
        void overdue();
    }

    Watchdog(ScheduledExecutorService scheduler) {
        task = scheduler.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    void watch(Watched item) {
        watched.add(item);
    }

    void forget(Watched item) {
        watched.remove(item);
    }

    static long after(Duration duration) {
        return System.nanoTime() + duration.toNanos();
    }

    /**
     * Longest time without a byte while the storage copies {@code copied} bytes, since it reports no progress of a
     * copy.
     */
    static Duration patience(Duration stallTimeout, long copied) {
        return stallTimeout.plusSeconds(copied / SLOWEST_COPY);
    }

    private void look() {
        long now = System.nanoTime();
        for (Watched item : watched) {
            if (now - item.deadline() > 0 && watched.remove(item)) {
                item.overdue();
            }
        }
    }

    @Override
    public void close() {
        task.cancel(false);
    }
}
