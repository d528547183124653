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
 * The accounts' database, opened by {@link Databases}. Every method blocks; a failure is a {@link DatabaseException}. What {@link #write}
 * returned is on disk. While the database does not answer, work is refused at once.
 */
public final class UserDatabase implements AutoCloseable {
    /** Works on a connection. */
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
     * Held by whoever writes to an embedded database. H2 takes its lock for files and that for the database in this order when a write fails,
     * and in the other one for CHECKPOINT SYNC: two writers, of whom one meets a full disk, would wait for each other for ever.
     */
    private final ReentrantLock writing = new ReentrantLock();

    /** @param created whether it was made just now */
    UserDatabase(HikariDataSource pool, Durability durability, String place, Database settings, boolean created) {
        this.pool = pool;
        this.durability = durability;
        this.timeout = settings.timeout();
        this.shared = settings.isShared();
        this.created = created;
        this.outage = new Outage(place, new Probe());
    }

    /** Whether this opening made the database: there was not even a file of it before. */
    public boolean isNew() {
        return created;
    }

    /** Whether it answered when it was asked last. Cheap. */
    public boolean isUp() {
        return outage.isOver();
    }

    /** How long it may take to answer. */
    public Duration timeout() {
        return timeout;
    }

    /** Tells that an answer did not come in time. */
    public void silent() {
        outage.begin("no answer within " + timeout.toMillis() + " ms");
    }

    /**
     * Runs {@code work} on a connection of the pool, again on another one when that turns out to have been lost: a database that restarts
     * or fails over closes them all, and the pool does not look at those that were used a moment ago. Work must bear to be done twice.
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

    /** Runs {@code work} in a transaction; returns when what it changed is on disk. */
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
                // H2's own protocol has no such limit; whoever waits has one.
            }
        }
    }

    /**
     * Asks a database that does not answer. A database elsewhere is asked on a connection of its own, and the pool makes none meanwhile: it
     * waits longer after each failure, up to five seconds, and would go on with that wait when the database is back.
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
