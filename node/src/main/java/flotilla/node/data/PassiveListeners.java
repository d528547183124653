package flotilla.node.data;

import flotilla.cluster.PassivePool;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.protocol.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on the whole passive pool all the time. A socket is matched with a lease by (port, client address): no lease, no
 * service. One thread accepts for all ports.
 */
public final class PassiveListeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PassiveListeners.class);
    private static final int BACKLOG = 512;

    private final Selector selector;
    private final List<ServerSocketChannel> channels = new ArrayList<>();
    private final PassivePool pool;
    private final DataConnections connections;
    private final EventSink events;
    private final Thread thread;

    private PassiveListeners(Selector selector, PassivePool pool, DataConnections connections, EventSink events) {
        this.selector = selector;
        this.pool = pool;
        this.connections = connections;
        this.events = events;
        this.thread = new Thread(this::acceptAll, "flotilla-passive");
        this.thread.setDaemon(true);
    }

    /** Opens every port on every address. @throws IOException naming the port that is taken */
    public static PassiveListeners open(
            DataSettings settings, PassivePool pool, DataConnections connections, EventSink events) throws IOException {
        PassiveListeners listeners = new PassiveListeners(Selector.open(), pool, connections, events);
        try {
            for (InetAddress address : settings.bind()) {
                for (int port : settings.ports()) {
                    listeners.listen(new InetSocketAddress(address, port));
                }
            }
        } catch (IOException e) {
            listeners.close();
            throw e;
        }
        listeners.thread.start();
        return listeners;
    }

    private void listen(InetSocketAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        channels.add(channel);
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        try {
            channel.bind(address, BACKLOG);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address.getAddress().getHostAddress() + ":" + address.getPort() + ": " + e.getMessage(), e);
        }
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT);
    }

    private void acceptAll() {
        while (selector.isOpen()) {
            try {
                selector.select(key -> acceptFrom((ServerSocketChannel) key.channel()));
            } catch (ClosedSelectorException closed) {
                return;
            } catch (IOException e) {
                LOG.warn("passive listeners", e);
            }
        }
    }

    private void acceptFrom(ServerSocketChannel listener) {
        try {
            for (SocketChannel socket = listener.accept(); socket != null; socket = listener.accept()) {
                accepted(socket);
            }
        } catch (IOException e) {
            LOG.debug("accepting a data connection", e);
        }
    }

    private void accepted(SocketChannel socket) {
        try {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            InetSocketAddress peer = (InetSocketAddress) socket.getRemoteAddress();
            int port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
            InetAddress client = HostPort.normalised(peer.getAddress());
            pool.take(port, client).whenComplete((session, failure) -> {
                if (failure == null && session.isPresent()) {
                    connections.start(socket, port, ByteBuffer.allocate(0), session.get());
                } else {
                    events.accept(new NodeEvent.StrayDataConnection(client.getHostAddress(), port));
                    DataConnections.close(socket);
                }
            });
        } catch (IOException e) {
            DataConnections.close(socket);
        }
    }

    @Override
    public void close() {
        try {
            selector.close();
            for (ServerSocketChannel channel : channels) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("closing passive listeners", e);
        }
    }
}
