package flotilla.node.control;

import flotilla.node.auth.Networks;
import flotilla.node.control.ControlSettings.ProxySettings.Mode;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.Limit;
import flotilla.node.event.NodeEvent.Refusal;
import flotilla.node.protocol.HostPort;
import flotilla.node.protocol.Reply;
import flotilla.node.state.Link;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.tls.TlsEngines;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts control connections, explicit and implicit, and gives each its session id, its socket and its actor. */
public final class ControlListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlListener.class);

    /** How often connections that wait for their session look at the time. */
    static final Duration TICK = Duration.ofMillis(250);

    /** How long clients' last replies may take when the node stops. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private static final Reply CLOSING = Reply.of(421, "Service is closing, please reconnect later.");

    private final ControlSettings settings;
    private final EventLoops loops;
    private final TlsEngines engines;
    private final Admission admission;
    private final ActorSystem<SpawnProtocol.Command> system;
    private final Sessions sessions;
    private final Connector connector;
    private final EventSink events;
    private final Supplier<String> sessionIds;
    private final String nodeName;
    private final UUID memberId;
    private final Set<ControlSocket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Channel> listening = new CopyOnWriteArrayList<>();
    private final java.util.concurrent.ScheduledFuture<?> timeouts;
    private final java.util.concurrent.ScheduledFuture<?> ticks;

    /** What a listener needs besides its settings. @param sessionIds makes the id of each new session */
    public record Collaborators(
            EventLoops loops,
            TlsEngines engines,
            flotilla.cluster.ClusterNode cluster,
            Sessions sessions,
            Connector connector,
            EventSink events,
            Supplier<String> sessionIds) {}

    public ControlListener(ControlSettings settings, Collaborators with, ScheduledExecutorService scheduler) {
        this.settings = settings;
        this.loops = with.loops();
        this.engines = with.engines();
        this.admission = new Admission(with.cluster().bans(), with.cluster().limits(), settings);
        this.system = with.cluster().system();
        this.nodeName = with.cluster().name();
        this.memberId = with.cluster().memberId();
        this.sessions = with.sessions();
        this.connector = with.connector();
        this.events = with.events();
        this.sessionIds = with.sessionIds();
        this.timeouts = scheduler.scheduleWithFixedDelay(this::checkTimeouts, 1, 1, TimeUnit.SECONDS);
        this.ticks = scheduler.scheduleWithFixedDelay(
                () -> sockets.forEach(ControlSocket::tick), TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Starts listening. @throws java.io.UncheckedIOException naming the address that is taken */
    public void open() {
        admission.drain(false);
        for (InetAddress address : settings.bind()) {
            listen(address, settings.explicitPort(), false);
            listen(address, settings.implicitPort(), true);
        }
    }

    private void listen(InetAddress address, int port, boolean implicit) {
        if (port == 0) {
            return;
        }
        ServerBootstrap bootstrap = Transport.bootstrap(loops, settings.backlog())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted(channel, implicit);
                    }
                });
        try {
            Channel channel = bootstrap
                    .bind(new InetSocketAddress(address, port))
                    .syncUninterruptibly()
                    .channel();
            channel.pipeline().addLast("failures", new AcceptFailures());
            listening.add(channel);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "cannot listen on " + address.getHostAddress() + ":" + port + ": " + e.getMessage(), e);
        }
    }

    /** Netty pauses for a second when it cannot accept, as without file descriptors, and would log a stack trace each time. */
    private static final class AcceptFailures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
            LOG.warn("control connections cannot be accepted: {}", failure.getMessage());
        }
    }

    private void accepted(Channel channel, boolean implicit) {
        InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        if (peer == null || local == null) {
            channel.close();
            return;
        }
        InetAddress peerAddress = HostPort.normalised(peer.getAddress());
        boolean trusted = Networks.contains(settings.proxy().trusted(), peerAddress);
        if (settings.proxy().mode() == Mode.OFF || !trusted && settings.proxy().mode() == Mode.ACCEPT) {
            admit(channel, peer, local, implicit);
        } else if (!trusted) {
            events.accept(new NodeEvent.Refused(peerAddress.getHostAddress(), Refusal.UNTRUSTED_PROXY));
            channel.close();
        } else {
            channel.pipeline()
                    .addLast(
                            "proxy",
                            new ProxyHeaders(
                                    settings.proxy(),
                                    addresses -> admit(
                                            channel,
                                            addresses.client().orElse(peer),
                                            addresses.dialled().orElse(local),
                                            implicit),
                                    () -> events.accept(new NodeEvent.Refused(
                                            peerAddress.getHostAddress(), Refusal.NO_PROXY_HEADER)),
                                    () -> events.accept(new NodeEvent.Probed(peerAddress.getHostAddress(), false))));
            channel.config().setAutoRead(true);
        }
    }

    private void admit(Channel channel, InetSocketAddress peer, InetSocketAddress local, boolean implicit) {
        String sessionId = sessionIds.get();
        InetAddress client = HostPort.normalised(peer.getAddress());
        Link link = new Link(
                sessionId,
                client,
                peer.getPort(),
                HostPort.normalised(local.getAddress()),
                local.getPort(),
                implicit,
                nodeName,
                Instant.now(),
                memberId);
        ControlSocket socket = new ControlSocket(this, link, channel);
        channel.pipeline().addLast("control", socket);
        admission.admit(link.holder(), client).whenComplete((refusal, failure) -> channel.eventLoop()
                .execute(() -> {
                    if (failure != null) {
                        LOG.warn("admission of {} failed", client.getHostAddress(), failure);
                        // An answer that did not come in time may still have taken a slot.
                        admission.release(sessionId, client);
                        refuse(channel, implicit, "Service is not available, please try again later.");
                    } else if (refusal.isPresent()) {
                        events.accept(new NodeEvent.Refused(client.getHostAddress(), refusal.get()));
                        refuse(channel, implicit, Admission.text(refusal.get()));
                    } else {
                        admitted(socket, channel, implicit);
                    }
                }));
    }

    /** A clear 421 makes sense only where the client does not expect TLS. */
    private static void refuse(Channel channel, boolean implicit, String text) {
        if (implicit) {
            channel.close();
        } else {
            channel.writeAndFlush(Unpooled.wrappedBuffer(Reply.of(421, text).encode()))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void admitted(ControlSocket socket, Channel channel, boolean implicit) {
        sockets.add(socket);
        if (!channel.isActive()) {
            ended(socket);
            probed(socket.link().client());
            return;
        }
        if (!implicit) {
            spawn(socket, Optional.empty());
            return;
        }
        addTls(channel.pipeline(), socket, facts -> spawn(socket, Optional.of(facts)));
        channel.config().setAutoRead(true);
    }

    private void probed(InetAddress address) {
        events.accept(new NodeEvent.Probed(address.getHostAddress(), false));
    }

    private void spawn(ControlSocket socket, Optional<TlsFacts> tls) {
        system.tell(new SpawnProtocol.Spawn<>(
                ControlConnection.create(this, socket, tls), "", Props.empty(), system.ignoreRef()));
    }

    /** Puts TLS in front; the handshake, the wait for it included, is limited in time. */
    void addTls(ChannelPipeline pipeline, ControlSocket socket, Consumer<TlsFacts> established) {
        AtomicBoolean settled = new AtomicBoolean();
        Runnable failed = () -> {
            if (settled.compareAndSet(false, true)) {
                events.accept(new NodeEvent.Limited(socket.link().client().getHostAddress(), Limit.HANDSHAKE));
            }
            socket.close("TLS handshake failed");
        };
        ScheduledFuture<?> overdue = pipeline.channel()
                .eventLoop()
                .schedule(failed, settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
        TlsHandlers handlers = new TlsHandlers(
                engines,
                socket.link().sessionId(),
                settings.handshakeTimeout(),
                facts -> {
                    settled.set(true);
                    overdue.cancel(false);
                    established.accept(facts);
                },
                failed);
        pipeline.addFirst("tls", handlers);
        if (socket.link().implicitTls()) {
            pipeline.channel().closeFuture().addListener(gone -> {
                if (!handlers.hasHeard() && settled.compareAndSet(false, true)) {
                    overdue.cancel(false);
                    probed(socket.link().client());
                }
            });
        }
    }

    /** A connection is gone: its slots are free again. */
    void ended(ControlSocket socket) {
        if (sockets.remove(socket)) {
            admission.release(socket.link().sessionId(), socket.link().client());
        }
    }

    private void checkTimeouts() {
        long now = System.nanoTime();
        for (ControlSocket socket : sockets) {
            socket.checkTimeouts(now);
        }
    }

    ControlSettings settings() {
        return settings;
    }

    Sessions sessions() {
        return sessions;
    }

    Connector connector() {
        return connector;
    }

    /** Goes on with the sessions of a lost node. */
    public void nodeLost(Address address) {
        sockets.forEach(socket -> socket.nodeLost(address));
    }

    /** Control connections on this node. */
    public int connections() {
        return sockets.size();
    }

    /** The address and port of each listening socket. */
    public List<InetSocketAddress> addresses() {
        return listening.stream()
                .map(channel -> (InetSocketAddress) channel.localAddress())
                .toList();
    }

    /** Ends the connections that are quiet. @param soon whether the end of a transfer is enough from now on */
    public void endQuiet(Duration quiet, boolean soon) {
        sockets.forEach(socket -> socket.closeIfQuiet(CLOSING, quiet.toNanos(), soon));
    }

    /** Takes no new connections and tells those that are there that the service ends. */
    @Override
    public void close() {
        closeDoors();
        timeouts.cancel(false);
        ticks.cancel(false);
        sockets.forEach(socket -> socket.closeWith(CLOSING, "shutdown"));
        // Stopped event loops close their channels without writing what is queued.
        awaitAll(GOODBYE);
    }

    /** Takes no new connections, until {@link #open}. */
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
