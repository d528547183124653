package flotilla.node;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for changed lists every two seconds. */
final class ListWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ListWatch.class);
    private static final long PERIOD_SECONDS = 2;

    private ListWatch() {}

    /** Begins to look, as long as {@code timers} run. A look that finds {@code blocking} busy is left out. */
    static void start(ScheduledExecutorService timers, Executor blocking, List<Runnable> looks) {
        timers.scheduleWithFixedDelay(
                () -> {
                    try {
                        blocking.execute(() -> looks.forEach(Runnable::run));
                    } catch (RejectedExecutionException busy) {
                        LOG.debug("no thread to look for changed lists", busy);
                    }
                },
                PERIOD_SECONDS,
                PERIOD_SECONDS,
                TimeUnit.SECONDS);
    }
}
