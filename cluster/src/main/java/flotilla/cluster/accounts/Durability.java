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
 * What makes a commit last. H2 in this process writes it half a second later by default, in the background, and goes on in memory when that
 * fails: everything after is lost at the next start. So it is told to write at each commit, and opened anew after a failure.
 * A database server sees to this itself.
 */
enum Durability {
    EMBEDDED,
    SERVER;

    /** For each new connection to H2 in this process. */
    static final String INITIAL = "SET WRITE_DELAY 0; SET TRACE_LEVEL_FILE 0";

    private static final int IDLE_TRIES = 200;
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

    /** Returns when what was committed is on disk. */
    void force(Connection connection) throws SQLException {
        if (this == EMBEDDED) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CHECKPOINT SYNC");
            }
        }
    }

    /**
     * Closes the pool; an embedded database is closed when this returns, so that another process may open it. The pool alone leaves that to
     * the last connection, which it may just be opening, and interrupts it then: H2 loses its file by that.
     *
     * @param shared whether other processes may use it now, and go on with it
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

    /** Until the pool has the connection that it keeps ready. */
    private static void awaitIdle(HikariDataSource pool) {
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        for (int i = 0; connections != null && connections.getIdleConnections() == 0 && i < IDLE_TRIES; i++) {
            LockSupport.parkNanos(IDLE_NANOS);
        }
    }

    /** After a write that failed: what is in memory is given up for what is on disk. Whether that was so. */
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
