package flotilla.node;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.QuotaLedger.Counted;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import flotilla.node.NodeSettings.RecountSettings;
import flotilla.node.tree.Failures;
import flotilla.node.tree.HomeBooks;
import flotilla.node.tree.Mount;
import flotilla.node.tree.TreeSize.Pace;
import flotilla.node.tree.UserBooks;
import flotilla.node.tree.UserBooks.Book;
import flotilla.storage.StorageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
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
            thread.execute(() -> fresh.end(told(user, recountAll(user))));
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

    /** Counts all that quotas of a user limit, and sums it up. Blocks; never throws. */
    private RecountAnswer recountAll(String user) {
        return recount(user, books -> books, Pace.FULL);
    }

    /** Counts one book. Blocks; never throws. */
    RecountAnswer recount(String key, Pace pace) {
        return recount(
                key,
                books -> books.stream().filter(book -> book.key().equals(key)).toList(),
                pace);
    }

    /**
     * Counts.
     *
     * @param key key of a book, or the name of its user
     * @param chosen chooses among the books of the user
     */
    private RecountAnswer recount(String key, UnaryOperator<List<Book>> chosen, Pace pace) {
        try {
            Optional<User> found = cluster.users()
                    .find(UserBooks.userOf(key))
                    .toCompletableFuture()
                    .join();
            if (found.isEmpty()) {
                return forgotten(key, new RecountAnswer.NoUser());
            }
            User user = found.get();
            Usage limit = new Usage(user.quotaBytes(), user.quotaFiles());
            if (!UserBooks.isLimited(limit, Mount.of(user))) {
                return forgotten(key, new RecountAnswer.NoQuota());
            }
            if (!isThere.getAsBoolean()) {
                return new RecountAnswer.Failed("the storage is not available on this node");
            }
            List<Book> books =
                    chosen.apply(homes.books(user.name(), Mount.of(user), limit).limited());
            return books.isEmpty() ? forgotten(key, new RecountAnswer.NoQuota()) : recount(books, pace);
        } catch (StorageException | RuntimeException e) {
            LOG.debug("the home of {} was not counted", UserBooks.userOf(key), e);
            return new RecountAnswer.Failed(String.valueOf(Failures.unwrapped(e).getMessage()));
        }
    }

    private RecountAnswer recount(List<Book> books, Pace pace) throws StorageException {
        Usage before = Usage.NOTHING;
        Usage after = Usage.NOTHING;
        for (Book book : books) {
            Optional<Counted> counted = homes.recount(book, pace, isThere);
            if (counted.isEmpty()) {
                return new RecountAnswer.Busy();
            }
            before = sum(before, counted.get().before());
            after = sum(after, counted.get().after());
        }
        return new RecountAnswer.Counted(before, after);
    }

    private static Usage sum(Usage one, Usage other) {
        return new Usage(one.bytes() + other.bytes(), one.files() + other.files());
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
