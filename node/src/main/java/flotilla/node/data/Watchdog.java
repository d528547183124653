package flotilla.node.data;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Closes what does not move: nothing else can time out a blocking pump. Looks every {@value #PERIOD_MILLIS} ms. */
final class Watchdog implements AutoCloseable {
    private static final long PERIOD_MILLIS = 250;
    /** Bytes a second: a storage that copies more slowly has stalled. */
    private static final long SLOWEST_COPY = 10 << 20;

    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final ScheduledFuture<?> task;

    /** Something with a deadline that moves as bytes do. */
    interface Watched {
        /** {@link System#nanoTime} after which it is overdue. */
        long deadline();

        /** Called once, when overdue. Must not block. */
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

    /** How long no byte may move over a connection while the storage copies so many, which it does not tell of. */
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
