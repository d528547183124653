package flotilla.cluster.protection;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets through what others can cause as often as they like once in ten seconds. */
final class NowAndThen {
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final AtomicLong last = new AtomicLong(System.nanoTime() - QUIET_NANOS);

    void run(Runnable work) {
        long now = System.nanoTime();
        long before = last.get();
        if (now - before >= QUIET_NANOS && last.compareAndSet(before, now)) {
            work.run();
        }
    }
}
