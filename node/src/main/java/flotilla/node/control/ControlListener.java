package flotilla.node.control;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.Freezes;
import flotilla.node.command.CommandTable;
import flotilla.node.event.EventSink;
import flotilla.node.event.RareLines;
import flotilla.node.protocol.Reply;
import flotilla.node.state.Link;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.tls.ChallengeAnswers;
import flotilla.node.tls.TlsEngines;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening sockets for control connections, explicit and implicit, and the connections that they accepted. */
public final class ControlListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlListener.class);

    /** The interval at which connections that wait for their session check the time. */
    static final Duration TICK = Duration.ofMillis(250);

    /** Longest time for the clients' last replies when the node stops. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private static final Reply CLOSING = Reply.of(421, "Service is closing, please reconnect later.");

    private final Supplier<ControlSettings> settings;
    private final Freezes freezes;
    private final EventLoops loops;
    private final Admission admission;
    private final Sessions sessions;
    private final CommandTable commands;
    private final Connector connector;
    private final Acceptor acceptor;
    private final RareLines rareLines = new RareLines();
    private final Set<ControlSocket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Channel> listening = new CopyOnWriteArrayList<>();
    private final java.util.concurrent.ScheduledFuture<?> timeouts;
    private final java.util.concurrent.ScheduledFuture<?> ticks;

    /**
     * The services that a listener uses.
     *
     * @param commands tells which commands overtake others, and which ABOR may end
     * @param sessionIds makes the id of each new session
     */
    public record Collaborators(
            EventLoops loops,
            TlsEngines engines,
            ClusterNode cluster,
            Sessions sessions,
            CommandTable commands,
            Connector connector,
            EventSink events,
            Supplier<String> sessionIds) {}

    /** @param settings the settings in force, asked each time */
    public ControlListener(Supplier<ControlSettings> settings, Collaborators with, ScheduledExecutorService scheduler) {
        this.settings = settings;
        this.freezes = with.cluster().freezes();
        this.loops = with.loops();
        this.admission = new Admission(with.cluster().bans(), with.cluster().limits(), settings);
        this.sessions = with.sessions();
        this.commands = with.commands();
        this.connector = with.connector();
        this.acceptor = new Acceptor(this, settings, with, admission);
        this.timeouts = scheduler.scheduleWithFixedDelay(this::checkTimeouts, 1, 1, TimeUnit.SECONDS);
        this.ticks = scheduler.scheduleWithFixedDelay(
                () -> sockets.forEach(ControlSocket::tick), TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Starts to listen: on all addresses or on none.
     *
     * @throws IllegalStateException when an address is taken; the message names it
     */
    public void open() {
        admission.drain(false);
        try {
            for (InetAddress address : settings().listeners().bind()) {
                listen(address, settings().listeners().explicitPort(), false);
                listen(address, settings().listeners().implicitPort(), true);
            }
        } catch (IllegalStateException taken) {
            closeDoors();
            throw taken;
        }
    }

    private void listen(InetAddress address, int port, boolean implicit) {
        if (port == 0) {
            return;
        }
        ServerBootstrap bootstrap = Transport.bootstrap(
                        loops, settings().listeners().backlog())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        acceptor.accepted(channel, implicit);
                    }
                });
        // sync() would throw the socket's checked exception.
        ChannelFuture bound =
                bootstrap.bind(new InetSocketAddress(address, port)).awaitUninterruptibly();
        Throwable failure = bound.cause();
        if (failure != null) {
            throw new IllegalStateException(
                    "cannot listen on " + address.getHostAddress() + ":" + port + ": "
                            + PortFailure.reason(port, failure),
                    failure);
        }
        Channel channel = bound.channel();
        channel.pipeline().addLast("failures", new AcceptFailures());
        listening.add(channel);
    }

    /**
     * Logs a failed accept in one line: without file descriptors Netty pauses for a second each time, and would log a
     * stack trace.
     */
    private static final class AcceptFailures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
            LOG.warn("control connections cannot be accepted: {}", failure.getMessage());
        }
    }

    /** Returns true while an operator has frozen a session, its user, or its client's address. */
    boolean isFrozen(Link link, String user) {
        return freezes.find(link.sessionId(), user, link.client()).isPresent();
    }

    /** Registers a connection that was admitted. */
    void began(ControlSocket socket) {
        sockets.add(socket);
    }

    /**
     * Starts TLS on a connection.
     *
     * @param established gets the facts of the handshake
     */
    void addTls(ChannelPipeline pipeline, ControlSocket socket, Consumer<TlsFacts> established) {
        acceptor.addTls(pipeline, socket, established);
    }

    /** Notes that the client of a connection has logged in, or has gone. */
    void authenticated(ControlSocket socket) {
        admission.known(socket.link().client());
    }

    /** Releases the slots of a connection that has gone. */
    void ended(ControlSocket socket) {
        if (sockets.remove(socket)) {
            socket.isKnown();
            admission.release(socket.link().sessionId(), socket.link().client());
        }
    }

    private void checkTimeouts() {
        long now = System.nanoTime();
        for (ControlSocket socket : sockets) {
            socket.checkTimeouts(now);
        }
    }

    /** Limits what clients can write to the log. */
    RareLines rareLines() {
        return rareLines;
    }

    ControlSettings settings() {
        return settings.get();
    }

    Sessions sessions() {
        return sessions;
    }

    CommandTable commands() {
        return commands;
    }

    Connector connector() {
        return connector;
    }

    /** Continues the sessions of a lost node on other nodes. */
    public void nodeLost(Address address) {
        sockets.forEach(socket -> socket.nodeLost(address));
    }

    /** Number of control connections on this node. */
    public int connections() {
        return sockets.size();
    }

    /** The address and port of each listening socket. */
    public List<InetSocketAddress> addresses() {
        return listening.stream()
                .map(channel -> (InetSocketAddress) channel.localAddress())
                .toList();
    }

    /**
     * Ends the connections on which nothing was said for some time.
     *
     * @param quiet that time
     * @param soon true to end the other connections at the end of their transfer
     */
    public void endQuiet(Duration quiet, boolean soon) {
        sockets.forEach(socket -> socket.closeIfQuiet(CLOSING, quiet.toNanos(), soon));
    }

    /** Cancels the wish of {@link #endQuiet} to end connections after their transfer. */
    public void stay() {
        sockets.forEach(ControlSocket::stay);
    }

    /** Closes the listening sockets, then ends all connections with a 421. */
    @Override
    public void close() {
        closeDoors();
        timeouts.cancel(false);
        ticks.cancel(false);
        sockets.forEach(socket -> socket.closeWith(CLOSING, "shutdown"));
        // Event loops that stop close their channels without writing the queued bytes.
        awaitAll(GOODBYE);
    }

    /**
     * Refuses new clients while the storage is not available.
     *
     * @param storage returns true while it is available; must not block
     */
    public void require(BooleanSupplier storage) {
        admission.require(storage);
    }

    /**
     * Refuses clients with other addresses from now on.
     *
     * @param addresses returns true for an address that may connect; must not block
     */
    public void admitOnly(Predicate<InetAddress> addresses) {
        admission.admitOnly(addresses);
    }

    /** Answers challenges of authorities on the implicit port from now on. */
    public void answer(ChallengeAnswers answers) {
        acceptor.answer(answers);
    }

    /** Closes the listening sockets until {@link #open}. */
    public void closeDoors() {
        admission.drain(true);
        listening.forEach(channel -> channel.close().syncUninterruptibly());
        listening.clear();
    }

    private void awaitAll(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        for (ControlSocket socket : List.copyOf(sockets)) {
            socket.closed().awaitUninterruptibly(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }
}
