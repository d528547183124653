package flotilla.node.data;

import flotilla.cluster.PassivePool;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.Stray;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whose an accepted data socket is, and hands it on or closes it. While a member hangs, sockets may wait for that, and only so
 * many do: more are closed at once.
 */
final class LeaseLookup {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseLookup.class);

    private final PassivePool pool;
    private final DataConnections connections;
    private final EventSink events;
    private final Strays strays;
    private final int maxWaiting;
    private final AtomicInteger waiting = new AtomicInteger();

    LeaseLookup(PassivePool pool, DataConnections connections, EventSink events, Strays strays, int maxWaiting) {
        this.pool = pool;
        this.connections = connections;
        this.events = events;
        this.strays = strays;
        this.maxWaiting = maxWaiting;
    }

    /** @param early bytes of the client that were read already */
    void match(SocketChannel socket, int port, InetAddress client, ByteBuffer early) {
        if (waiting.incrementAndGet() > maxWaiting) {
            waiting.decrementAndGet();
            refuse(socket, client, port, Stray.NO_CAPACITY);
            return;
        }
        pool.take(port, client).whenComplete((session, failure) -> {
            waiting.decrementAndGet();
            found(socket, port, client, early, session, failure);
        });
    }

    private void found(
            SocketChannel socket,
            int port,
            InetAddress client,
            ByteBuffer early,
            Optional<String> session,
            @Nullable Throwable failure) {
        if (failure != null) {
            LOG.debug("the lease of port {} for {}", port, client, failure);
            DataConnections.close(socket);
            strays.report(client, port, Stray.LOOKUP_FAILED);
        } else if (session.isPresent()) {
            connections.start(socket, port, early, session.get());
        } else if (!early.hasRemaining() && hasEnded(socket)) {
            DataConnections.close(socket);
            events.accept(new NodeEvent.Probed(client.getHostAddress(), true));
        } else {
            DataConnections.close(socket);
            strays.withoutLease(client, port);
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
