package flotilla.cluster.accounts;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Opens connections to a database server. A refused connection is tried again every {@value #PAUSE_MILLIS} ms, for two
 * thirds of the pool's own timeout. Without this the pool waits twice as long after each failure, up to five seconds,
 * and goes on waiting when the database is back.
 */
final class PatientSource implements DataSource {
    private static final long PAUSE_MILLIS = 100;

    private final String url;
    private final long patienceNanos;

    /**
     * Opens connections to {@code url}.
     *
     * @param timeout time for which the pool waits for a connection; the latest failure is thrown before that ends
     */
    PatientSource(String url, Duration timeout) {
        this.url = url;
        this.patienceNanos = timeout.toNanos() * 2 / 3;
    }

    @Override
    public Connection getConnection() throws SQLException {
        long begin = System.nanoTime();
        while (true) {
            try {
                return once();
            } catch (SQLException e) {
                if (System.nanoTime() - begin > patienceNanos || !Failures.isOutage(e)) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    /** Opens a connection at the first attempt, or throws. */
    Connection once() throws SQLException {
        return DriverManager.getConnection(url);
    }

    private static void pause(SQLException failure) throws SQLException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the URL says who connects");
    }

    @Override
    public void setLoginTimeout(int seconds) {
        DriverManager.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() {
        return DriverManager.getLoginTimeout();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
