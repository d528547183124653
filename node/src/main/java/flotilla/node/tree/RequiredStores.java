package flotilla.node.tree;

import flotilla.storage.Listing;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.Store;
import flotilla.storage.VirtualPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every five seconds whether the stores that nobody can do without answer, by a short listing. A store is away
 * after two looks that fail, or when a look takes longer than 20 seconds. Each store has a thread of its own, because
 * one that hangs blocks its caller.
 */
final class RequiredStores implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequiredStores.class);
    private static final long PERIOD_SECONDS = 5;
    private static final long ANSWER_SECONDS = 20;
    private static final long NOT_LOOKING = 0;
    private static final int FAILURES = 2;

    private final List<Look> looks = new ArrayList<>();
    private final ScheduledExecutorService threads;

    private RequiredStores(Map<String, Store> stores) {
        stores.forEach((name, store) -> looks.add(new Look(name, store)));
        this.threads = new ScheduledThreadPoolExecutor(looks.size(), task -> {
            Thread made = new Thread(task, "flotilla-required-store");
            made.setDaemon(true);
            return made;
        });
    }

    /** Looks at stores until closed. */
    static RequiredStores watch(Map<String, Store> stores) {
        RequiredStores watched = new RequiredStores(stores);
        watched.looks.forEach(
                look -> watched.threads.scheduleWithFixedDelay(look, 0, PERIOD_SECONDS, TimeUnit.SECONDS));
        return watched;
    }

    /** The stores that are away, one sentence for each. Does not block. */
    List<String> away() {
        return looks.stream().flatMap(look -> look.problem().stream()).toList();
    }

    /** What is known of one store. */
    private static final class Look implements Runnable {
        private final String who;
        private final Store store;
        /** A store counts as away until it has answered once. */
        private int failures = FAILURES;

        private volatile String problem;
        private volatile long since = NOT_LOOKING;

        Look(String name, Store store) {
            this.who = name.isEmpty() ? "the default store" : "the store " + name;
            this.store = store;
            this.problem = who + " has not been looked at";
        }

        Optional<String> problem() {
            long begun = since;
            if (begun != NOT_LOOKING && System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(ANSWER_SECONDS)) {
                return Optional.of(who + " does not answer");
            }
            String latest = problem;
            return latest.isEmpty() ? Optional.empty() : Optional.of(latest);
        }

        @Override
        public void run() {
            since = System.nanoTime() | 1;
            try {
                look();
                failures = 0;
                if (!problem.isEmpty()) {
                    LOG.info("{} answers", who);
                }
                problem = "";
            } catch (StorageException | RuntimeException | LinkageError e) { // after an error it would look no more
                failures++;
                if (failures == FAILURES || failures > FAILURES && problem.endsWith("looked at")) {
                    LOG.warn("{} is away, and this node not ready: {}", who, e.getMessage());
                }
                if (failures >= FAILURES) {
                    problem = who + " is away";
                }
            } finally {
                since = NOT_LOOKING;
            }
        }

        private void look() throws StorageException {
            StorageBackend backend = store.home("", false);
            try (Listing listing = backend.list(VirtualPath.ROOT, Listing.Order.NONE)) {
                listing.next(1);
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
