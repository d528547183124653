package flotilla.ops.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The connections of the API. A connection without a complete request is closed when there are too many, the oldest
 * first, and after its time in any case. Some places are reserved for the health checks of balancers, which other
 * requests in progress cannot take. So neither clients that send half of a request nor long answers keep a balancer
 * out.
 */
final class Connections {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final int max;
    private final int maxAnswered;
    private final Duration receiveTimeout;
    /** Connections without a complete request; the one that waits longest comes first. */
    private final Set<Connection> waiting = new LinkedHashSet<>();

    private final Set<Connection> all = new HashSet<>();
    private int answered;

    /** A connection of a client. */
    static final class Connection {
        private final Runnable end;
        private long deadline;

        private Connection(Runnable end) {
            this.end = end;
        }
    }

    Connections(int max, int forHealth, Duration receiveTimeout) {
        this.max = max;
        this.maxAnswered = max - forHealth;
        this.receiveTimeout = receiveTimeout;
    }

    /**
     * Adds a connection, and closes another one if there are too many.
     *
     * @param end closes the connection; more than one call does no harm
     */
    synchronized Connection opened(Runnable end) {
        Connection connection = new Connection(end);
        all.add(connection);
        await(connection, receiveTimeout);
        if (all.size() > max) {
            giveWay(waiting.iterator().next());
        }
        return connection;
    }

    private void await(Connection connection, Duration time) {
        connection.deadline = System.nanoTime() + time.toNanos();
        waiting.add(connection);
    }

    private void giveWay(Connection connection) {
        waiting.remove(connection);
        all.remove(connection);
        connection.end.run();
    }

    synchronized void closed(Connection connection) {
        waiting.remove(connection);
        all.remove(connection);
        notifyAll();
    }

    /**
     * Notes that a request is complete.
     *
     * @return false when too many requests are in progress
     */
    synchronized boolean begin(Connection connection, boolean isHealth) {
        if (!isHealth && answered >= maxAnswered) {
            return false;
        }
        waiting.remove(connection);
        answered += isHealth ? 0 : 1;
        return true;
    }

    /** Notes that the request was answered. */
    synchronized void answered(Connection connection, boolean isHealth) {
        answered -= isHealth ? 0 : 1;
        if (all.contains(connection)) {
            await(connection, IDLE);
        }
    }

    /** Notes that a request was answered with a stream, which others bound: it is no longer in progress. */
    synchronized void streams() {
        answered--;
    }

    /** Notes that the stream of a connection has ended. */
    synchronized void streamed(Connection connection) {
        if (all.contains(connection)) {
            await(connection, IDLE);
        }
    }

    /** Closes a connection at once. */
    synchronized void cut(Connection connection) {
        if (all.contains(connection)) {
            giveWay(connection);
        }
    }

    /** Closes connections whose time is over. */
    synchronized void endLate() {
        long now = System.nanoTime();
        for (Connection connection : List.copyOf(waiting)) {
            if (now - connection.deadline >= 0) {
                giveWay(connection);
            }
        }
    }

    /** Waits until the connections have ended, and closes those that remain after {@code patience}. */
    synchronized void endAll(Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        for (long left = patience.toNanos(); !all.isEmpty() && left > 0; left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        new ArrayList<>(all).forEach(this::giveWay);
    }
}
