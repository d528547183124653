package flotilla.node;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.Holder;
import flotilla.node.NodeSettings.RecountSettings;
import flotilla.node.tree.TreeSize.Pace;
import flotilla.node.tree.UserBooks;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts homes again without a request: those that were not counted for a long time, and at once those whose usage is
 * in doubt, because a node died while it changed them or because all nodes were restarted. Each node looks after some
 * of the users. The whole cluster counts one home at a time, slowly.
 */
final class RecountRounds implements AutoCloseable {
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(RecountRounds.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration AGAIN = Duration.ofMinutes(5);
    private static final int AT_ONCE = 100;
    private static final int MOST_LATER = 10_000;

    /** The name of the lock under which homes are counted. Locks of files begin with a slash, so none has this name. */
    private static final String LOCK = "recount";

    private final RecountSettings settings;
    private final ClusterNode cluster;
    private final BooleanSupplier isThere;
    private final BiFunction<String, Pace, RecountAnswer> recount;
    private final Holder holder;
    private final ScheduledExecutorService thread;
    /** The times at which homes that could not be counted are tried again. Used by the thread only. */
    private final Map<String, Instant> later = new HashMap<>();

    RecountRounds(
            RecountSettings settings,
            ClusterNode cluster,
            BooleanSupplier isThere,
            BiFunction<String, Pace, RecountAnswer> recount) {
        this.settings = settings;
        this.cluster = cluster;
        this.isThere = isThere;
        this.recount = recount;
        this.holder = cluster.holder("recount-" + cluster.memberId());
        this.thread = Executors.newSingleThreadScheduledExecutor(Recounts::daemon);
        if (!settings.interval().isZero()) {
            long pause = pause().toMillis();
            thread.scheduleWithFixedDelay(this::round, pause, pause, TimeUnit.MILLISECONDS);
        }
    }

    private Duration pause() {
        Duration pause = settings.interval().compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : settings.interval();
        return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
    }

    private void round() {
        try {
            if (isThere.getAsBoolean()) {
                countThoseDue(Instant.now());
            }
        } catch (RuntimeException e) {
            LOG.debug("homes are counted later", e);
        }
    }

    private void countThoseDue(Instant now) {
        later.values().removeIf(now::isAfter);
        List<String> due = cluster.quotas().due(now.minus(settings.interval()), AT_ONCE + later.size());
        for (String user : due) {
            if (later.containsKey(user)) {
                continue;
            }
            if (Thread.currentThread().isInterrupted() || !count(user)) {
                return;
            }
        }
    }

    /** Counts a home. Returns false when another home is counted on some node. */
    private boolean count(String user) {
        if (!cluster.uploadLocks().lock(LOCK, holder).toCompletableFuture().join()) {
            return false;
        }
        try {
            tell(user, recount.apply(user, this::slowly));
            return true;
        } finally {
            unlock();
        }
    }

    private void unlock() {
        try {
            cluster.uploadLocks()
                    .unlock(LOCK, holder.session())
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException silence) {
            LOG.debug("the lock of counts is given back later", silence);
        }
    }

    private void tell(String key, RecountAnswer answer) {
        String user = UserBooks.userOf(key);
        if (answer instanceof RecountAnswer.Counted counted) {
            if (counted.isChange()) {
                LOG.warn(
                        "the usage of {} was wrong and is put right: {} bytes in {} files were booked, {} bytes in {} files are there",
                        user,
                        counted.before().bytes(),
                        counted.before().files(),
                        counted.after().bytes(),
                        counted.after().files());
            }
            return;
        }
        LOG.debug("the home of {} was not counted: {}", user, answer);
        if (later.size() < MOST_LATER) {
            Duration again = settings.interval().compareTo(AGAIN) < 0 ? pause() : AGAIN;
            later.put(key, Instant.now().plus(again));
        }
    }

    private void slowly(int entries) {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(entries) / settings.entriesPerSecond());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
