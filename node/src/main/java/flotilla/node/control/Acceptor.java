package flotilla.node.control;

import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.Limit;
import flotilla.node.event.NodeEvent.Refusal;
import flotilla.node.protocol.HostPort;
import flotilla.node.protocol.Proxy.Mode;
import flotilla.node.protocol.Reply;
import flotilla.node.state.Link;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.tls.ChallengeAnswers;
import flotilla.node.tls.TlsEngines;
import flotilla.node.tls.TlsFailures;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLHandshakeException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits accepted connections: it reads their PROXY header, asks for admission, and gives each its session id, its
 * socket, its TLS and its actor.
 */
final class Acceptor {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    private final ControlListener listener;
    private final Supplier<ControlSettings> settings;
    private final Admission admission;
    private final TlsEngines engines;
    private final ActorSystem<SpawnProtocol.Command> system;
    private final String nodeName;
    private final UUID memberId;
    private final EventSink events;
    private final Supplier<String> sessionIds;
    private volatile ChallengeAnswers challenges = ChallengeAnswers.NONE;

    Acceptor(
            ControlListener listener,
            Supplier<ControlSettings> settings,
            ControlListener.Collaborators with,
            Admission admission) {
        this.listener = listener;
        this.settings = settings;
        this.admission = admission;
        this.engines = with.engines();
        this.system = with.cluster().system();
        this.nodeName = with.cluster().name();
        this.memberId = with.cluster().memberId();
        this.events = with.events();
        this.sessionIds = with.sessionIds();
    }

    /**
     * Takes an accepted connection.
     *
     * @param implicit true when the client begins with TLS
     */
    void accepted(Channel channel, boolean implicit) {
        InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        if (peer == null || local == null) {
            channel.close();
            return;
        }
        InetAddress peerAddress = HostPort.normalised(peer.getAddress());
        boolean trusted = settings.get().listeners().proxy().trusts(peerAddress);
        if (settings.get().listeners().proxy().mode() == Mode.OFF
                || !trusted && settings.get().listeners().proxy().mode() == Mode.ACCEPT) {
            admit(channel, peer, local, implicit);
        } else if (!trusted) {
            events.accept(new NodeEvent.Refused(peerAddress.getHostAddress(), Refusal.UNTRUSTED_PROXY));
            channel.close();
        } else {
            channel.pipeline()
                    .addLast(
                            "proxy",
                            new ProxyHeaders(
                                    settings.get().listeners().proxy(),
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
        ControlSocket socket = new ControlSocket(listener, link, channel);
        if (implicit) {
            channel.pipeline().addLast(new EarlyBytes());
        }
        channel.pipeline().addLast("control", socket);
        InputEnd.mayComeBefore(channel, !implicit);
        admission
                .admit(link.holder(), client, channel.eventLoop())
                .whenComplete((refusal, failure) -> channel.eventLoop().execute(() -> {
                    if (failure != null) {
                        LOG.warn("admission of {} failed", client.getHostAddress(), failure);
                        // A slot may be taken although its answer did not come in time.
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

    /** Sends a 421 in clear, unless the client expects TLS: it could not read that. */
    private static void refuse(Channel channel, boolean implicit, String text) {
        if (implicit) {
            channel.close();
        } else {
            channel.writeAndFlush(Unpooled.wrappedBuffer(Reply.of(421, text).encode()))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void admitted(ControlSocket socket, Channel channel, boolean implicit) {
        listener.began(socket);
        if (socket.isGone()) {
            listener.ended(socket);
            channel.close();
            probed(socket.link().client());
            return;
        }
        if (!implicit) {
            spawn(socket, Optional.empty());
            return;
        }
        addTls(channel.pipeline(), socket, facts -> spawn(socket, Optional.of(facts)));
        EarlyBytes.passOn(channel.pipeline());
        channel.config().setAutoRead(true);
    }

    private void probed(InetAddress address) {
        events.accept(new NodeEvent.Probed(address.getHostAddress(), false));
    }

    private void spawn(ControlSocket socket, Optional<TlsFacts> tls) {
        system.tell(new SpawnProtocol.Spawn<>(
                ControlConnection.create(listener, socket, tls), "", Props.empty(), system.ignoreRef()));
    }

    /** Answers challenges of authorities from now on. */
    void answer(ChallengeAnswers answers) {
        challenges = answers;
    }

    /** Anybody may ask from any address while an authority validates a name. */
    private void logAnswered(InetAddress client) {
        listener.rareLines()
                .next("challenge", System.nanoTime())
                .ifPresent(leftOut -> LOG.info(
                        "{} was shown the answer to a challenge ({} more like it since the last such line)",
                        client.getHostAddress(),
                        leftOut));
    }

    /** Starts TLS on a connection. The time limit covers the wait for the handshake, too. */
    void addTls(ChannelPipeline pipeline, ControlSocket socket, Consumer<TlsFacts> established) {
        AtomicBoolean settled = new AtomicBoolean();
        Consumer<Throwable> failed = why -> {
            if (settled.compareAndSet(false, true)) {
                events.accept(new NodeEvent.Limited(socket.link().client().getHostAddress(), Limit.HANDSHAKE));
                events.accept(new NodeEvent.HandshakeFailed(socket.link(), TlsFailures.reason(why)));
            }
            socket.handshakeFailed(why);
        };
        ScheduledFuture<?> overdue = pipeline.channel()
                .eventLoop()
                .schedule(
                        () -> failed.accept(new SSLHandshakeException("the TLS handshake took too long")),
                        settings.get().times().handshake().toMillis(),
                        TimeUnit.MILLISECONDS);
        TlsHandlers.Ends ends = new TlsHandlers.Ends(
                facts -> {
                    InputEnd.mayComeBefore(pipeline.channel(), true);
                    settled.set(true);
                    overdue.cancel(false);
                    established.accept(facts);
                },
                failed,
                () -> {
                    settled.set(true);
                    overdue.cancel(false);
                    logAnswered(socket.link().client());
                    socket.close("a challenge was answered");
                });
        TlsHandlers handlers = new TlsHandlers(
                engines, challenges, socket.link(), settings.get().times().handshake(), ends);
        pipeline.addFirst("tls", handlers);
        pipeline.addFirst(LastRecord.NAME, socket.lastRecord());
        if (socket.link().implicitTls()) {
            pipeline.channel().closeFuture().addListener(gone -> {
                if (!handlers.hasHeard() && settled.compareAndSet(false, true)) {
                    overdue.cancel(false);
                    probed(socket.link().client());
                }
            });
        }
    }
}
