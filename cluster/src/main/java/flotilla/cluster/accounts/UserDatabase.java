package flotilla.cluster.accounts;

import com.zaxxer.hikari.HikariDataSource;
import flotilla.cluster.ClusterSettings.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The accounts' database, opened by {@link Databases}. Methods that use it block, and throw a {@link DatabaseException}
 * when it fails. When {@link #write} returns, the change is on disk. While the database does not answer, work is
 * refused at once.
 */
public final class UserDatabase implements AutoCloseable {
    /** A piece of work on a connection. */
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private static final int ATTEMPTS = 5;

    private final HikariDataSource pool;
    private final Durability durability;
    private final Outage outage;
    private final Duration timeout;
    private final boolean shared;
    private final boolean created;
    /**
     * Each write to an embedded database holds this lock. When a write fails, H2 takes its lock for files before its
     * lock for the database; for CHECKPOINT SYNC it takes them in the other order. Without this lock, two writers would
     * deadlock when one of them meets a full disk.
     */
    private final ReentrantLock writing = new ReentrantLock();

    /**
     * Uses {@code pool}.
     *
     * @param place location of the database, for messages
     * @param created whether the database was created just now
     */
    UserDatabase(HikariDataSource pool, Durability durability, String place, Database settings, boolean created) {
        this.pool = pool;
        this.durability = durability;
        this.timeout = settings.timeout();
        this.shared = settings.isShared();
        this.created = created;
        this.outage = new Outage(place, new Probe());
    }

    /** Whether opening it has created the database; before, there was not even a file of it. */
    public boolean isNew() {
        return created;
    }

    /** Whether the database answered the latest question. Cheap. */
    public boolean isUp() {
        return outage.isOver();
    }

    /** The longest wait for an answer. */
    public Duration timeout() {
        return timeout;
    }

    /** Notes that an answer did not come in time: work is refused until the database answers a probe. */
    public void silent() {
        outage.begin("no answer within " + timeout.toMillis() + " ms");
    }

    /**
     * Runs {@code work} on a connection of the pool, and again on another one if the first turns out to be lost. A
     * database that restarts or fails over closes all connections, and the pool does not check those that were used a
     * moment ago. So {@code work} may run twice.
     */
    <T> T read(Work<T> work) {
        outage.check();
        long start = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = pool.getConnection()) {
                limit(connection);
                return work.run(connection);
            } catch (SQLException e) {
                boolean reopened = durability.reopenAfter(e, pool);
                boolean late = System.nanoTime() - start > timeout.toNanos();
                if (attempt < ATTEMPTS && !late && (Failures.isConnectionLost(e) || Failures.isClosed(e))) {
                    continue;
                }
                if (!reopened && Failures.isOutage(e)) {
                    outage.begin(Failures.cause(e));
                }
                throw new DatabaseException("The user database failed: " + Failures.cause(e), e);
            }
        }
    }

    /** Runs {@code work} in a transaction. When this returns, its changes are on disk. */
    <T> T write(Work<T> work) {
        if (durability.isRemote()) {
            return read(connection -> inTransaction(connection, work));
        }
        outage.check();
        awaitTurn();
        try {
            return read(connection -> inTransaction(connection, work));
        } finally {
            writing.unlock();
        }
    }

    private <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.run(connection);
            connection.commit();
            durability.force(connection);
            return result;
        } catch (SQLException | RuntimeException e) {
            rollBack(connection, e);
            throw e;
        }
    }

    private void awaitTurn() {
        try {
            if (writing.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            throw new DatabaseException(
                    "The user database failed: another write is not done after " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException("The user database failed: the work was interrupted", e);
        }
    }

    private static void rollBack(Connection connection, Exception failure) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private void limit(Connection connection) throws SQLException {
        if (durability.isRemote()) {
            try {
                connection.setNetworkTimeout(Runnable::run, (int) timeout.toMillis());
            } catch (SQLFeatureNotSupportedException unlimited) {
                // H2's own protocol has no such limit, but each caller has one.
            }
        }
    }

    /**
     * Asks the database while it does not answer. A database server is asked on a separate connection, and the pool
     * opens none meanwhile: its waits grow to five seconds, and the last one would continue after the database is back.
     */
    private final class Probe implements Outage.Watched {
        @Override
        public void ask() throws SQLException {
            try (Connection connection = connect()) {
                limit(connection);
                Sql.query(connection, "SELECT COUNT(*) FROM accounts WHERE name = ''", row -> row.getInt(1));
            } catch (SQLException e) {
                durability.reopenAfter(e, pool);
                throw e;
            }
        }

        private Connection connect() throws SQLException {
            return pool.getDataSource() instanceof PatientSource source ? source.once() : pool.getConnection();
        }

        @Override
        public void away(boolean now) {
            pool.setMinimumIdle(now ? 0 : Databases.IDLE);
        }
    }

    @Override
    public void close() {
        outage.close();
        durability.close(pool, shared);
    }
}
