package flotilla.node.control;

import flotilla.node.state.Link;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.ChallengeAnswers;
import flotilla.node.tls.ChallengeCertificate;
import flotilla.node.tls.ClientHello;
import flotilla.node.tls.TicketWatch;
import flotilla.node.tls.TlsEngines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;

/**
 * Reads the ClientHello, chooses the certificate by its server name (RFC 6066, section 3), and replaces itself by the
 * TLS handler. An authority that validates a name gets the answer to its challenge instead (RFC 8737).
 */
final class TlsHandlers extends SslClientHelloHandler<TlsHandlers.Heard> {
    private static final int MAX_CLIENT_HELLO = 16 * 1024;

    private static final String NAME = "tls";

    private final TlsEngines engines;
    private final ChallengeAnswers challenges;
    private final Link link;
    private final Duration handshakeTimeout;
    private final Ends ends;
    private boolean heard;

    /**
     * A ClientHello.
     *
     * @param answer the answer to the challenge that it asks for; empty for other clients, and without a challenge
     */
    @SuppressWarnings("ArrayRecordComponent") // no caller compares answers
    record Heard(ClientHello hello, Optional<byte[]> answer) {}

    /**
     * How a handshake ends.
     *
     * @param answered runs when an authority has got the answer to its challenge
     */
    record Ends(Consumer<TlsFacts> established, Consumer<Throwable> failed, Runnable answered) {}

    TlsHandlers(TlsEngines engines, ChallengeAnswers challenges, Link link, Duration handshakeTimeout, Ends ends) {
        super(MAX_CLIENT_HELLO);
        this.engines = engines;
        this.challenges = challenges;
        this.link = link;
        this.handshakeTimeout = handshakeTimeout;
        this.ends = ends;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        heard = true;
        super.channelRead(ctx, message);
    }

    /** Returns true once the client has sent anything. */
    boolean hasHeard() {
        return heard;
    }

    @Override
    protected Future<Heard> lookup(ChannelHandlerContext ctx, ByteBuf hello) {
        ClientHello parsed = hello == null ? ClientHello.BLANK : ClientHello.parse(hello);
        if (!link.implicitTls() || !ChallengeAnswers.isAsked(parsed)) {
            return ctx.executor().newSucceededFuture(new Heard(parsed, Optional.empty()));
        }
        Promise<Heard> looked = ctx.executor().newPromise();
        challenges.find(parsed.serverName()).whenComplete((answer, failure) -> {
            if (failure == null) {
                looked.trySuccess(new Heard(parsed, answer));
            } else {
                looked.tryFailure(failure);
            }
        });
        return looked;
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, Future<Heard> looked) throws Exception {
        if (!looked.isSuccess()) {
            refuse(ctx, ClientHello.noApplicationProtocol(), looked.cause());
            return;
        }
        ClientHello hello = looked.getNow().hello();
        if (looked.getNow().answer().isPresent()) {
            answer(ctx, hello.serverName(), looked.getNow().answer().get());
            return;
        }
        Optional<String> certificate = engines.certificateFor(hello, link.implicitTls());
        if (!hello.speaksFtp()) {
            refuse(ctx, ClientHello.noApplicationProtocol(), new SSLHandshakeException(hello.otherProtocols()));
        } else if (certificate.isEmpty()) {
            refuse(ctx, ClientHello.handshakeFailure(), new SSLHandshakeException(ClientHello.NOTHING_IN_COMMON));
        } else {
            begin(ctx, hello, certificate.get());
        }
    }

    private void refuse(ChannelHandlerContext ctx, byte[] alert, Throwable why) {
        ctx.writeAndFlush(Unpooled.wrappedBuffer(alert));
        ends.failed().accept(why);
    }

    private void answer(ChannelHandlerContext ctx, String name, byte[] digest) throws CertificateProblem {
        SslHandler handler = new SslHandler(ChallengeCertificate.engine(name, digest));
        handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                ends.answered().run();
            } else {
                ends.failed().accept(done.cause());
            }
        });
        ctx.pipeline().replace(this, NAME, handler);
    }

    private void begin(ChannelHandlerContext ctx, ClientHello hello, String certificate) {
        String sessionId = link.sessionId();
        SSLEngine engine = engines.engine(certificate, sessionId);
        Optional<TicketWatch> watch = engines.watch(engine);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        handler.setCloseNotifyReadTimeoutMillis(0);
        handler.handshakeFuture().addListener(done -> {
            watch.flatMap(one -> one.repeater(engine.getSession().getCipherSuite()))
                    .filter(repeater -> done.isSuccess())
                    .ifPresent(repeater -> TicketsAgain.begin(ctx.pipeline(), NAME, repeater));
            if (done.isSuccess()) {
                ends.established()
                        .accept(engines.facts(engine, hello.serverName(), certificate)
                                .with(engines.resumable(engine, hello, certificate, sessionId)));
            } else {
                ends.failed().accept(done.cause());
            }
        });
        ctx.pipeline().replace(this, NAME, handler);
    }
}
