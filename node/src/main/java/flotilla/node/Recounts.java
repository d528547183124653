package flotilla.node;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.User;
import flotilla.node.NodeSettings.RecountSettings;
import flotilla.node.tree.Failures;
import flotilla.node.tree.HomeBooks;
import flotilla.node.tree.Mount;
import flotilla.node.tree.TreeSize.Pace;
import flotilla.storage.StorageException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the homes of users with a quota again: on request, and slowly without one. Both run on threads of their own.
 */
public final class Recounts implements AutoCloseable {
    /** How long an answer is kept for a caller that has not fetched it yet. */
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(Recounts.class);

    private final ClusterNode cluster;
    private final HomeBooks homes;
    private final BooleanSupplier isThere;
    private final int most;
    private final ExecutorService thread;
    private final RecountRounds rounds;
    /** The requested counts, {@code queue} of them at most. */
    private final Map<String, Asked> asked = new LinkedHashMap<>();

    /** A requested count. */
    private static final class Asked {
        private final CompletableFuture<RecountAnswer> answer = new CompletableFuture<>();
        private volatile long endedAt;

        private void end(RecountAnswer result) {
            endedAt = System.nanoTime();
            answer.complete(result);
        }

        private boolean isStale() {
            return answer.isDone() && System.nanoTime() - endedAt > KEPT_NANOS;
        }
    }

    /**
     * Starts the counts without requests.
     *
     * @param isThere returns true while this node sees the cluster's storage and may write
     */
    Recounts(RecountSettings settings, ClusterNode cluster, HomeBooks homes, BooleanSupplier isThere) {
        this.cluster = cluster;
        this.homes = homes;
        this.isThere = isThere;
        this.most = settings.queue();
        this.thread = new ThreadPoolExecutor(
                0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(settings.queue()), Recounts::daemon);
        this.rounds = new RecountRounds(settings, cluster, isThere, this::recount);
    }

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "flotilla-recount");
        thread.setDaemon(true);
        return thread;
    }

    /** Requests a count of a user's home. Empty while the count runs: ask again for the answer. Never blocks. */
    public synchronized Optional<RecountAnswer> ask(String user) {
        asked.values().removeIf(Asked::isStale);
        Asked known = asked.get(user);
        if (known == null) {
            return begin(user) ? Optional.empty() : Optional.of(new RecountAnswer.Full());
        }
        if (!known.answer.isDone()) {
            return Optional.empty();
        }
        asked.remove(user);
        return Optional.of(known.answer.join());
    }

    private boolean begin(String user) {
        if (asked.size() >= most) {
            return false;
        }
        Asked fresh = new Asked();
        try {
            thread.execute(() -> fresh.end(told(user, recount(user, Pace.FULL))));
        } catch (RejectedExecutionException full) {
            return false;
        }
        asked.put(user, fresh);
        return true;
    }

    private static RecountAnswer told(String user, RecountAnswer answer) {
        LOG.info("the home of {} was counted because somebody asked: {}", user, answer);
        return answer;
    }

    /** Counts a home. Blocks; never throws. */
    RecountAnswer recount(String user, Pace pace) {
        try {
            Optional<User> found =
                    cluster.users().find(user).toCompletableFuture().join();
            if (found.isEmpty()) {
                return forgotten(user, new RecountAnswer.NoUser());
            }
            if (found.get().quotaBytes() <= 0 && found.get().quotaFiles() <= 0) {
                return forgotten(user, new RecountAnswer.NoQuota());
            }
            if (!isThere.getAsBoolean()) {
                return new RecountAnswer.Failed("the storage is not available on this node");
            }
            return homes.recount(user, Mount.of(found.get()), pace, isThere)
                    .<RecountAnswer>map(counted -> new RecountAnswer.Counted(counted.before(), counted.after()))
                    .orElseGet(RecountAnswer.Busy::new);
        } catch (StorageException | RuntimeException e) {
            LOG.debug("the home of {} was not counted", user, e);
            return new RecountAnswer.Failed(String.valueOf(Failures.unwrapped(e).getMessage()));
        }
    }

    /** Forgets the usage of a user without a quota. The home is then counted when the user has a quota again. */
    private RecountAnswer forgotten(String user, RecountAnswer answer) {
        cluster.quotas().forget(user).toCompletableFuture().join();
        return answer;
    }

    @Override
    public void close() {
        rounds.close();
        thread.shutdownNow();
    }
}
