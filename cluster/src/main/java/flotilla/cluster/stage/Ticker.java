package flotilla.cluster.stage;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs short periodic work on one thread. Work that fails is logged and runs again. All work runs at common beats of
 * 250 ms, since waking up costs an idle node more than the work.
 */
public final class Ticker {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    static final long BEAT_MILLIS = 250;

    private final ScheduledExecutorService executor;
    private final List<Periodic> all = new CopyOnWriteArrayList<>();

    private static final class Periodic {
        private final Runnable work;
        private final long every;
        private long beats;

        Periodic(Runnable work, long every) {
            this.work = work;
            this.every = every;
        }

        void beat() {
            if (++beats < every) {
                return;
            }
            beats = 0;
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                LOG.warn("periodic work failed", e);
            }
        }
    }

    /** Starts the thread. */
    public Ticker(ThreadFactory threads) {
        executor = Executors.newSingleThreadScheduledExecutor(threads);
        ScheduledFuture<?> unused = executor.scheduleWithFixedDelay(
                () -> all.forEach(Periodic::beat), BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Runs work periodically until {@link #close}. The work must not block.
     *
     * @param millis time between two runs, rounded to whole beats, at least one
     */
    public void every(long millis, Runnable work) {
        all.add(new Periodic(work, Math.max(1, Math.round((double) millis / BEAT_MILLIS))));
    }

    /** Stops the thread and interrupts the work that runs. */
    public void close() {
        executor.shutdownNow();
    }
}
