package flotilla.node.data;

import flotilla.cluster.PassivePool;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.Stray;
import flotilla.node.protocol.HostPort;
import flotilla.node.protocol.Proxy.Mode;
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
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on all passive ports all the time. A socket is matched with a lease by its port and the client's address; a
 * socket without a lease gets no service. One thread accepts for all ports.
 */
public final class PassiveListeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PassiveListeners.class);
    private static final int BACKLOG = 512;
    private static final long OPEN_AGAIN_SECONDS = 5;
    private static final Duration ACCEPT_AGAIN = Duration.ofMillis(100);

    private final Selector selector;
    private final List<ServerSocketChannel> channels = new CopyOnWriteArrayList<>();
    private final Set<InetSocketAddress> closed = ConcurrentHashMap.newKeySet();
    private final DataSettings settings;
    private final ScheduledExecutorService scheduler;
    private final Executor blocking;
    private final EventSink events;
    private final LeaseLookup lookup;
    private final ForeignSockets foreign;
    private final Thread thread;
    /** Used by the accepting thread only. */
    private boolean failing;

    private PassiveListeners(
            Selector selector,
            DataSettings settings,
            LeaseLookup lookup,
            ForeignSockets foreign,
            EventSink events,
            ScheduledExecutorService scheduler,
            Executor blocking) {
        this.selector = selector;
        this.settings = settings;
        this.scheduler = scheduler;
        this.blocking = blocking;
        this.lookup = lookup;
        this.foreign = foreign;
        this.events = events;
        this.thread = new Thread(this::acceptAll, "flotilla-passive");
        this.thread.setDaemon(true);
    }

    /**
     * Opens the ports on every address. A port that another program uses is tried again every five seconds.
     *
     * @param changed runs when such a port could be opened
     * @throws IOException when no port can be opened; the message names one of them
     */
    public static PassiveListeners open(
            DataSettings settings,
            PassivePool pool,
            DataConnections connections,
            EventSink events,
            ScheduledExecutorService scheduler,
            Executor blocking,
            Runnable changed)
            throws IOException {
        Strays strays = new Strays(pool, events, blocking, scheduler);
        ForeignSockets foreign =
                connections.foreign(settings, arrival -> LeaseLookup.closeWithoutLease(arrival, events, strays));
        LeaseLookup lookup = new LeaseLookup(
                pool,
                connections,
                events,
                strays,
                settings.maxWaiting(),
                settings.secondWait(),
                scheduler,
                foreign::take);
        PassiveListeners listeners =
                new PassiveListeners(Selector.open(), settings, lookup, foreign, events, scheduler, blocking);
        try {
            listeners.listenOnAll();
        } catch (IOException e) {
            listeners.close();
            throw e;
        }
        listeners.thread.start();
        listeners.openAgain(changed);
        return listeners;
    }

    private void listenOnAll() throws IOException {
        IOException last = null;
        for (InetAddress address : settings.bind()) {
            for (int port : settings.ports()) {
                InetSocketAddress wanted = new InetSocketAddress(address, port);
                try {
                    listen(wanted);
                } catch (IOException e) {
                    last = e;
                    closed.add(wanted);
                }
            }
        }
        if (last != null && channels.isEmpty()) {
            throw last;
        }
        if (last != null) {
            LOG.warn(
                    "passive ports {} are taken by another program: they are not used until they can be opened ({})",
                    closedPorts(),
                    last.getMessage());
        }
    }

    /** The ports that are not open on every address. */
    public Set<Integer> closedPorts() {
        return closed.stream().map(InetSocketAddress::getPort).collect(Collectors.toCollection(TreeSet::new));
    }

    private void openAgain(Runnable changed) {
        if (closed.isEmpty() || !isOpen()) {
            return;
        }
        scheduler.schedule(
                () -> {
                    if (isOpen() && closed.removeIf(this::canBeOpened)) {
                        LOG.info("passive ports could be opened, {} are still taken", closedPorts());
                        changed.run();
                    }
                    openAgain(changed);
                },
                OPEN_AGAIN_SECONDS,
                TimeUnit.SECONDS);
    }

    private boolean canBeOpened(InetSocketAddress address) {
        try {
            listen(address);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private void listen(InetSocketAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, BACKLOG);
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    "cannot listen on " + address.getAddress().getHostAddress() + ":" + address.getPort() + ": "
                            + e.getMessage(),
                    e);
        }
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT);
        channels.add(channel);
        selector.wakeup();
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
                failing = false;
                accepted(socket);
            }
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("data connections cannot be accepted: {}", e.getMessage());
            }
            failing = true;
            // A connection that could not be accepted stays ready: without a pause this thread would use a whole core.
            LockSupport.parkNanos(ACCEPT_AGAIN.toNanos());
        }
    }

    private void accepted(SocketChannel socket) {
        try {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            InetSocketAddress peer = (InetSocketAddress) socket.getRemoteAddress();
            int port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
            InetAddress client = HostPort.normalised(peer.getAddress());
            if (settings.proxy().mode() == Mode.OFF) {
                lookup.match(new Arrival(socket, client, port, ByteBuffer.allocate(0)));
            } else {
                throughProxy(socket, port, client);
            }
        } catch (IOException e) {
            DataConnections.close(socket);
        }
    }

    /** Reads the PROXY header of a trusted peer. In mode "accept", any other peer is itself the client. */
    private void throughProxy(SocketChannel socket, int port, InetAddress peer) {
        if (!settings.proxy().trusts(peer)) {
            if (settings.proxy().mode() == Mode.ACCEPT) {
                lookup.match(new Arrival(socket, peer, port, ByteBuffer.allocate(0)));
            } else {
                lookup.refuse(socket, peer, port, Stray.UNTRUSTED_PROXY);
            }
            return;
        }
        boolean required = settings.proxy().mode() == Mode.REQUIRE;
        long overdue = 2 * settings.proxy().timeout().toMillis();
        ScheduledFuture<?> deadline =
                scheduler.schedule(() -> DataConnections.close(socket), overdue, TimeUnit.MILLISECONDS);
        try {
            blocking.execute(() -> {
                try {
                    ProxyHeaderReader reader = new ProxyHeaderReader(socket);
                    ProxyHeaderReader.Header header = required
                            ? reader.read()
                            : reader.readIfAny(settings.proxy().timeout());
                    InetAddress client =
                            header.client().map(HostPort::normalised).orElse(peer);
                    lookup.match(new Arrival(socket, client, port, header.early()));
                } catch (ProxyHeaderReader.NothingCame probe) {
                    DataConnections.close(socket);
                    events.accept(new NodeEvent.Probed(peer.getHostAddress(), true));
                } catch (IOException e) {
                    LOG.debug("PROXY header of {}: {}", peer, e.getMessage());
                    DataConnections.close(socket);
                    lookup.report(peer, port, Stray.NO_PROXY_HEADER);
                } finally {
                    deadline.cancel(false);
                }
            });
        } catch (RejectedExecutionException busy) {
            deadline.cancel(false);
            lookup.refuse(socket, peer, port, Stray.NO_CAPACITY);
        }
    }

    /** Returns true from {@link #open} to {@link #close}. */
    public boolean isOpen() {
        return selector.isOpen();
    }

    @Override
    public void close() {
        foreign.close();
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
