package flotilla.cluster.hazelcast;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.accounts.DatabaseWork;
import flotilla.cluster.accounts.Databases;
import flotilla.cluster.accounts.JdbcOutbox;
import flotilla.cluster.accounts.JdbcOverrides;
import flotilla.cluster.accounts.JdbcQuotaStore;
import flotilla.cluster.accounts.JdbcRoll;
import flotilla.cluster.accounts.JdbcUserStore;
import flotilla.cluster.accounts.JdbcVault;
import flotilla.cluster.accounts.UserDatabase;
import flotilla.cluster.stage.Ticker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a node besides Pekko and Hazelcast: its database, a ticker, and threads for work that blocks. */
final class Resources {
    private static final Logger LOG = LoggerFactory.getLogger(Resources.class);
    private static final int BLOCKING_THREADS = 2;
    private static final int BLOCKING_QUEUE = 1_000;
    private static final int DATABASE_QUEUE = 1_000;

    private final Ticker ticker = new Ticker(threads("ticker"));
    private final ExecutorService blocking;
    private final ExecutorService asking;
    private final DatabaseWork work;
    private final CompletableFuture<UserDatabase> database;

    /** Starts to open the database in the background. */
    Resources(Database settings) {
        blocking = pool(BLOCKING_THREADS, BLOCKING_QUEUE, "blocking");
        asking = pool(Math.max(1, settings.maxConnections() - 1), DATABASE_QUEUE, "database"); // one for the probe
        database = CompletableFuture.supplyAsync(() -> Databases.open(settings), blocking);
        work = new DatabaseWork(asking, this::database);
    }

    private static ThreadPoolExecutor pool(int count, int queue, String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                count, count, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queue), threads(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Runs work that uses the database. */
    DatabaseWork work() {
        return work;
    }

    Ticker ticker() {
        return ticker;
    }

    ExecutorService blocking() {
        return blocking;
    }

    /** Runs work that may block. A failure is logged. The work is left out when the queue is full. */
    void inBackground(Runnable work) {
        try {
            blocking.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    LOG.warn("work in the background failed: {}", e.toString());
                }
            });
        } catch (RejectedExecutionException busy) {
            LOG.debug("work in the background left out: this node is leaving or busy");
        }
    }

    /**
     * The open database. Blocks until it is open, and throws a {@link java.util.concurrent.CompletionException} if it
     * cannot be opened.
     */
    UserDatabase database() {
        return database.join();
    }

    JdbcUserStore users() {
        return JdbcUserStore.on(database());
    }

    JdbcVault vault() {
        return new JdbcVault(database());
    }

    JdbcOutbox outbox() {
        return new JdbcOutbox(database());
    }

    JdbcQuotaStore quotas() {
        return new JdbcQuotaStore(database());
    }

    JdbcRoll roll() {
        return new JdbcRoll(database());
    }

    JdbcOverrides overrides() {
        return new JdbcOverrides(database());
    }

    void close() {
        ticker.close();
        blocking.shutdown();
        asking.shutdown();
        CompletableFuture<Void> unused = database.thenAccept(UserDatabase::close);
    }

    private static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new Thread(task, "flotilla-cluster-" + name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
