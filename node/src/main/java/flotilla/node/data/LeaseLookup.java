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
 * Finds out whose an accepted data socket is, and hands it on or closes it. While a member hangs, or a socket that came before is still to prove itself, sockets may
 * wait for that, and only so many do: more are closed at once.
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
     * @param secondWait how long a second socket waits until it is known whether the first one at its lease is a thief's
     * @param foreign takes a socket that has no lease of its address; false when it cannot
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

    /** At one lease one after the other: who comes second must find the first one there. */
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

    /** Closes a socket that is nobody's. */
    static void closeWithoutLease(Arrival arrival, EventSink events, Strays strays) {
        boolean probe = !arrival.early().hasRemaining() && hasEnded(arrival.socket());
        arrival.close();
        if (probe) {
            events.accept(new NodeEvent.Probed(arrival.client().getHostAddress(), true));
        } else {
            strays.withoutLease(arrival.client(), arrival.port());
        }
    }

    /** Closes a socket whose lease is not looked up. */
    void refuse(SocketChannel socket, InetAddress peer, int port, Stray why) {
        boolean probe = hasEnded(socket);
        DataConnections.close(socket);
        if (probe) {
            events.accept(new NodeEvent.Probed(peer.getHostAddress(), true));
        } else {
            strays.report(peer, port, why);
        }
    }

    /** Says of a socket that is closed already why it was. */
    void report(InetAddress peer, int port, Stray why) {
        strays.report(peer, port, why);
    }

    /** Whether the peer has closed already, without a byte: a balancer looks whether we are there. */
    private static boolean hasEnded(SocketChannel socket) {
        try {
            socket.configureBlocking(false);
            return socket.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException reset) {
            return true;
        }
    }
}
