package flotilla.node.data;

import flotilla.cluster.PassivePool;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.Stray;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the session of an accepted data socket, and passes the socket on or closes it. A socket may wait while a member
 * of the cluster hangs, or while an earlier socket must prove itself. The number of waiting sockets is limited; more
 * are closed at once.
 */
final class LeaseLookup {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseLookup.class);

    private final PassivePool pool;
    private final DataConnections connections;
    private final EventSink events;
    private final Strays strays;
    private final int maxWaiting;
    private final Predicate<Arrival> foreign;
    private final Contests contests;
    private final Map<Arrival.Place, CompletableFuture<Boolean>> looks = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Creates the lookup.
     *
     * @param secondWait how long a second socket waits until the first one at its lease has proved itself
     * @param foreign takes a socket that has no lease of its address; returns false when it cannot
     */
    LeaseLookup(
            PassivePool pool,
            DataConnections connections,
            EventSink events,
            Strays strays,
            int maxWaiting,
            Duration secondWait,
            ScheduledExecutorService scheduler,
            Predicate<Arrival> foreign) {
        this.pool = pool;
        this.connections = connections;
        this.events = events;
        this.strays = strays;
        this.maxWaiting = maxWaiting;
        this.foreign = foreign;
        this.contests = new Contests(scheduler, secondWait, this::late, this::again);
    }

    void match(Arrival arrival) {
        if (waiting.incrementAndGet() > maxWaiting) {
            waiting.decrementAndGet();
            refuse(arrival.socket(), arrival.client(), arrival.port(), Stray.NO_CAPACITY);
            return;
        }
        look(arrival);
    }

    /** Looks the leases of one place up one after the other, so that a second socket finds the first one's contest. */
    private void look(Arrival arrival) {
        if (!contests.arePossible()) {
            take(arrival, () -> {});
            return;
        }
        CompletableFuture<Boolean> looked = new CompletableFuture<>();
        CompletableFuture<Boolean> before = looks.put(arrival.place(), looked);
        Runnable done = () -> {
            looks.remove(arrival.place(), looked);
            looked.complete(true);
        };
        if (before == null) {
            take(arrival, done);
        } else {
            before.thenRun(() -> take(arrival, done));
        }
    }

    private void take(Arrival arrival, Runnable done) {
        pool.take(arrival.port(), arrival.client()).whenComplete((session, failure) -> {
            try {
                found(arrival, session, failure);
            } finally {
                done.run();
            }
        });
    }

    private void found(Arrival arrival, Optional<String> session, @Nullable Throwable failure) {
        if (failure == null && session.isEmpty() && contests.join(arrival)) {
            return;
        }
        waiting.decrementAndGet();
        if (failure != null) {
            LOG.debug("the lease of port {} for {}", arrival.port(), arrival.client(), failure);
            arrival.close();
            strays.report(arrival.client(), arrival.port(), Stray.LOOKUP_FAILED);
        } else if (session.isPresent()) {
            connections.start(arrival, session.get(), contests.begin(arrival));
        } else if (!foreign.test(arrival)) {
            closeWithoutLease(arrival);
        }
    }

    private void late(Arrival arrival) {
        waiting.decrementAndGet();
        if (!foreign.test(arrival)) {
            closeWithoutLease(arrival);
        }
    }

    private void again(Arrival arrival) {
        look(arrival);
    }

    private void closeWithoutLease(Arrival arrival) {
        closeWithoutLease(arrival, events, strays);
    }

    /** Closes a socket that belongs to no session. */
    static void closeWithoutLease(Arrival arrival, EventSink events, Strays strays) {
        boolean probe = !arrival.early().hasRemaining() && hasEnded(arrival.socket());
        arrival.close();
        if (probe) {
            events.accept(new NodeEvent.Probed(arrival.client().getHostAddress(), true));
        } else {
            strays.withoutLease(arrival.client(), arrival.port());
        }
    }

    /** Closes a socket without a lookup of its lease. */
    void refuse(SocketChannel socket, InetAddress peer, int port, Stray why) {
        boolean probe = hasEnded(socket);
        DataConnections.close(socket);
        if (probe) {
            events.accept(new NodeEvent.Probed(peer.getHostAddress(), true));
        } else {
            strays.report(peer, port, why);
        }
    }

    /** Reports why a socket was closed. */
    void report(InetAddress peer, int port, Stray why) {
        strays.report(peer, port, why);
    }

    /** Returns true when the peer has closed without a byte, as the health probe of a balancer does. */
    private static boolean hasEnded(SocketChannel socket) {
        try {
            socket.configureBlocking(false);
            return socket.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException reset) {
            return true;
        }
    }
}
