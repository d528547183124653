package flotilla.node.control;

import flotilla.node.state.Link;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.tls.ClientHello;
import flotilla.node.tls.TicketWatch;
import flotilla.node.tls.TlsEngines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;

/**
 * Reads the ClientHello, chooses the certificate by its server name (RFC 6066, section 3), and replaces itself by the
 * TLS handler.
 */
final class TlsHandlers extends SslClientHelloHandler<ClientHello> {
    private static final int MAX_CLIENT_HELLO = 16 * 1024;

    private static final String NAME = "tls";

    private final TlsEngines engines;
    private final Link link;
    private final Duration handshakeTimeout;
    private final Consumer<TlsFacts> established;
    private final Consumer<Throwable> failed;
    private boolean heard;

    TlsHandlers(
            TlsEngines engines,
            Link link,
            Duration handshakeTimeout,
            Consumer<TlsFacts> established,
            Consumer<Throwable> failed) {
        super(MAX_CLIENT_HELLO);
        this.engines = engines;
        this.link = link;
        this.handshakeTimeout = handshakeTimeout;
        this.established = established;
        this.failed = failed;
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
    protected Future<ClientHello> lookup(ChannelHandlerContext ctx, ByteBuf hello) {
        ClientHello parsed = hello == null ? ClientHello.BLANK : ClientHello.parse(hello);
        return ctx.executor().newSucceededFuture(parsed);
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, Future<ClientHello> looked) throws Exception {
        if (!looked.isSuccess()) {
            refuse(ctx, ClientHello.noApplicationProtocol(), looked.cause());
            return;
        }
        ClientHello hello = looked.getNow();
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
        failed.accept(why);
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
                established.accept(engines.facts(engine, hello.serverName(), certificate)
                        .with(engines.resumable(engine, hello, certificate, sessionId)));
            } else {
                failed.accept(done.cause());
            }
        });
        ctx.pipeline().replace(this, NAME, handler);
    }
}
