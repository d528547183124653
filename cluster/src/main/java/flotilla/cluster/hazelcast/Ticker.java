package flotilla.cluster.hazelcast;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs short work again and again on one thread; work that fails is logged and runs again. */
final class Ticker {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

    private final ScheduledExecutorService executor;

    Ticker(ThreadFactory threads) {
        executor = Executors.newSingleThreadScheduledExecutor(threads);
    }

    void every(long millis, Runnable work) {
        ScheduledFuture<?> unused =
                executor.scheduleWithFixedDelay(() -> attempt(work), millis, millis, TimeUnit.MILLISECONDS);
    }

    void close() {
        executor.shutdownNow();
    }

    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("periodic work failed", e);
        }
    }
}
