package flotilla.cluster.accounts;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * The way in which commits become durable. By default, H2 in this process writes a commit half a second later, in the
 * background. If that write fails, H2 goes on in memory, and everything since then is lost at the next start. So H2 is
 * told to write at each commit, and the database is reopened after a failed write. A database server ensures durability
 * itself.
 */
enum Durability {
    EMBEDDED,
    SERVER;

    /** SQL for each new connection to H2 in this process. */
    static final String INITIAL = "SET WRITE_DELAY 0; SET TRACE_LEVEL_FILE 0";

    private static final int IDLE_TRIES = 1_000;
    private static final long IDLE_NANOS = 10_000_000;

    static Durability of(String jdbcUrl) {
        String url = jdbcUrl.toLowerCase(Locale.ROOT);
        boolean embedded = url.startsWith("jdbc:h2:")
                && !url.startsWith("jdbc:h2:tcp:")
                && !url.startsWith("jdbc:h2:ssl:")
                && !url.startsWith("jdbc:h2:mem:");
        return embedded ? EMBEDDED : SERVER;
    }

    boolean isRemote() {
        return this == SERVER;
    }

    /** Returns when all commits are on disk. */
    void force(Connection connection) throws SQLException {
        if (this == EMBEDDED) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CHECKPOINT SYNC");
            }
        }
    }

    /**
     * Closes the pool. An embedded database is closed when this returns, so that another process can open it. The pool
     * alone would leave the closing to its last connection. The pool may be opening that connection just then and
     * interrupts it, and the interrupt makes H2 lose its file.
     *
     * @param shared whether other processes may use the database now, so that it stays open
     */
    void close(HikariDataSource pool, boolean shared) {
        if (this == EMBEDDED) {
            awaitIdle(pool);
        }
        if (this != EMBEDDED || shared) {
            pool.close();
            return;
        }
        try (Connection last = DriverManager.getConnection(pool.getJdbcUrl());
                Statement statement = last.createStatement()) {
            pool.close();
            statement.execute("SHUTDOWN");
        } catch (SQLException closedAlready) {
            pool.close();
        }
    }

    /** Waits until the pool has the idle connection that it keeps. */
    private static void awaitIdle(HikariDataSource pool) {
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        for (int i = 0; connections != null && connections.getIdleConnections() == 0 && i < IDLE_TRIES; i++) {
            LockSupport.parkNanos(IDLE_NANOS);
        }
    }

    /**
     * Reopens an embedded database after a failed write: drops its memory and returns to the state on disk.
     *
     * @return whether it did so
     */
    boolean reopenAfter(SQLException failure, HikariDataSource pool) {
        if (this != EMBEDDED || !(Failures.isWriteError(failure) || Failures.isClosed(failure))) {
            return false;
        }
        if (Failures.isWriteError(failure)) {
            shutDown(pool, failure);
        }
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        if (connections != null) {
            connections.softEvictConnections();
        }
        return true;
    }

    private static void shutDown(HikariDataSource pool, SQLException failure) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN IMMEDIATELY");
        } catch (SQLException closedAlready) {
            failure.addSuppressed(closedAlready);
        }
    }
}
