package flotilla.cluster.accounts;

import java.sql.SQLException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses work while the database does not answer. Only a probe in the background waits for the database, and finds out
 * when it is back.
 */
final class Outage implements AutoCloseable {
    /** The database that is watched. */
    interface Watched {
        /** Asks the database a question. Waits no longer than an answer may take. */
        void ask() throws SQLException;

        /** Called with true before the first work is refused, and with false before work goes on. */
        void away(boolean now);
    }

    private static final Logger LOG = LoggerFactory.getLogger(UserDatabase.class);
    private static final long PROBE_MILLIS = 500;
    private static final String NONE = "";

    private final String place;
    private final Watched database;
    private final ScheduledThreadPoolExecutor prober;
    private volatile String cause = NONE;

    /**
     * Watches {@code database}.
     *
     * @param place location of the database, for messages
     */
    Outage(String place, Watched database) {
        this.place = place;
        this.database = database;
        this.prober = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "flotilla-database-probe");
            thread.setDaemon(true);
            return thread;
        });
        prober.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    boolean isOver() {
        return cause.equals(NONE);
    }

    /**
     * Does nothing while the database answers.
     *
     * @throws DatabaseException while it does not
     */
    void check() {
        String now = cause;
        if (!now.equals(NONE)) {
            throw new DatabaseException("The user database at " + place + " does not answer: " + now);
        }
    }

    /** Logs once that the database does not answer, and starts the probe. */
    synchronized void begin(String why) {
        if (!prober.isShutdown() && isOver()) {
            database.away(true);
            cause = why.isEmpty() ? "no cause given" : why;
            LOG.warn("the user database at {} does not answer: {}", place, why);
            probeLater();
        }
    }

    private void probeLater() {
        if (!prober.isShutdown()) {
            prober.schedule(this::look, PROBE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        try {
            database.ask();
            database.away(false);
            cause = NONE;
            LOG.info("the user database at {} answers again", place);
        } catch (SQLException | RuntimeException e) {
            LOG.debug("the user database at {} still does not answer: {}", place, Failures.cause(e));
            probeLater();
        }
    }

    @Override
    public void close() {
        prober.shutdown(); // not shutdownNow: its interrupt would close an embedded database's file
    }
}
