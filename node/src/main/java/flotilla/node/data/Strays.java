package flotilla.node.data;

import flotilla.cluster.PassivePool;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.Stray;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports why data sockets were closed that got no session. It asks all nodes if another client has the port's lease:
 * once for all sockets since the last question, and ten times a second at most, so a flood of such sockets costs no
 * more than one.
 */
final class Strays {
    private static final Logger LOG = LoggerFactory.getLogger(Strays.class);
    static final int MOST = 256;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private record Waiting(String client, int port) {}

    private final PassivePool pool;
    private final EventSink events;
    private final Executor blocking;
    private final ScheduledExecutorService scheduler;
    private final List<Waiting> waiting = new ArrayList<>();
    private boolean looking;

    Strays(PassivePool pool, EventSink events, Executor blocking, ScheduledExecutorService scheduler) {
        this.pool = pool;
        this.events = events;
        this.blocking = blocking;
        this.scheduler = scheduler;
    }

    void report(InetAddress client, int port, Stray why) {
        report(new Waiting(client.getHostAddress(), port), why);
    }

    private void report(Waiting stray, Stray why) {
        events.accept(new NodeEvent.StrayDataConnection(stray.client, stray.port, why));
    }

    /** Reports a socket without a lease of its own, once it is known if another client has one. */
    void withoutLease(InetAddress client, int port) {
        boolean first = false;
        boolean full;
        synchronized (waiting) {
            full = waiting.size() >= MOST;
            if (!full) {
                waiting.add(new Waiting(client.getHostAddress(), port));
                first = !looking;
                looking = true;
            }
        }
        if (full) {
            report(client, port, Stray.LOOKUP_FAILED);
        } else if (first) {
            start();
        }
    }

    private void start() {
        try {
            blocking.execute(this::look);
        } catch (RejectedExecutionException busy) {
            taken().forEach(stray -> report(stray, Stray.LOOKUP_FAILED));
            pause();
        }
    }

    private void look() {
        List<Waiting> strays = taken();
        try {
            Set<Integer> leased =
                    pool.leasedAmong(strays.stream().map(Waiting::port).collect(Collectors.toSet()));
            strays.forEach(stray -> report(stray, leased.contains(stray.port) ? Stray.WRONG_PEER : Stray.NO_LEASE));
        } catch (RuntimeException e) {
            LOG.debug("leases of stray data connections", e);
            strays.forEach(stray -> report(stray, Stray.LOOKUP_FAILED));
        }
        pause();
    }

    private List<Waiting> taken() {
        synchronized (waiting) {
            List<Waiting> taken = List.copyOf(waiting);
            waiting.clear();
            return taken;
        }
    }

    private void pause() {
        try {
            scheduler.schedule(this::goOn, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.debug("no more looks at leases: closing");
        }
    }

    private void goOn() {
        synchronized (waiting) {
            if (waiting.isEmpty()) {
                looking = false;
                return;
            }
        }
        start();
    }
}
