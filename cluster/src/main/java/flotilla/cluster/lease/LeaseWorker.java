package flotilla.cluster.lease;

import flotilla.cluster.LeaseStore;
import flotilla.cluster.LeaseTimes;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread for one place, so that a mount or a database that does not answer blocks no other. */
final class LeaseWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseWorker.class);

    /** A piece of work with the keeper of the place. */
    interface Work<T> {
        T on(LeaseKeeper keeper) throws IOException;
    }

    private final LeaseStore store;
    private final LeaseKeeper keeper;
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicInteger waiting = new AtomicInteger();
    private String told = "";

    LeaseWorker(LeaseStore store, LeaseTimes times) {
        this.store = store;
        this.keeper = new LeaseKeeper(store, times, System::nanoTime);
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "flotilla-cluster-lease");
            made.setDaemon(true);
            return made;
        });
        thread.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    }

    LeaseStore store() {
        return store;
    }

    LeaseKeeper keeper() {
        return keeper;
    }

    /**
     * Runs work and waits for its result. Returns empty when the work fails, takes longer than {@code millis}
     * milliseconds, or finds earlier work under way.
     */
    <T> Optional<T> ask(Work<T> work, long millis) throws InterruptedException {
        if (waiting.getAndIncrement() > 0) {
            waiting.decrementAndGet();
            return Optional.empty();
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        thread.execute(() -> {
            try {
                result.complete(work.on(keeper));
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            } finally {
                waiting.decrementAndGet();
            }
        });
        try {
            return Optional.of(result.get(millis, TimeUnit.MILLISECONDS));
        } catch (TimeoutException late) {
            tell("no answer");
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            tell(String.valueOf(cause.getMessage()));
        }
        return Optional.empty();
    }

    private void tell(String problem) {
        if (!problem.equals(told)) {
            told = problem;
            LOG.info("{} does not say which cluster it belongs to: {}", store.place(), problem);
        }
    }

    /**
     * Runs work every {@code millis} milliseconds. Failures are only logged at debug level: other parts report a
     * database or a storage that fails.
     */
    void every(long millis, Work<?> work) {
        thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.on(keeper);
                    } catch (IOException | RuntimeException e) {
                        LOG.debug("the lease of {} was not renewed: {}", store.place(), e.toString());
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
