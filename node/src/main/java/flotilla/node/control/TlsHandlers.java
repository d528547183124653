package flotilla.node.control;

import flotilla.node.state.Security.TlsFacts;
import flotilla.node.tls.ClientHello;
import flotilla.node.tls.TlsEngines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;

/**
 * Reads the ClientHello, chooses the certificate by its server name (RFC 6066, section 3), and replaces itself by the
 * TLS handler.
 */
final class TlsHandlers extends SslClientHelloHandler<ClientHello> {
    private static final int MAX_CLIENT_HELLO = 16 * 1024;

    private final TlsEngines engines;
    private final String sessionId;
    private final Duration handshakeTimeout;
    private final Consumer<TlsFacts> established;
    private final Consumer<Throwable> failed;
    private boolean heard;

    TlsHandlers(
            TlsEngines engines,
            String sessionId,
            Duration handshakeTimeout,
            Consumer<TlsFacts> established,
            Consumer<Throwable> failed) {
        super(MAX_CLIENT_HELLO);
        this.engines = engines;
        this.sessionId = sessionId;
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
        return parsed.speaksFtp()
                ? ctx.executor().newSucceededFuture(parsed)
                : ctx.executor().newFailedFuture(new SSLHandshakeException(parsed.otherProtocols()));
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, Future<ClientHello> looked) throws Exception {
        if (!looked.isSuccess()) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(ClientHello.noApplicationProtocol()));
            failed.accept(looked.cause());
            return;
        }
        ClientHello hello = looked.getNow();
        String serverName = hello.serverName();
        String certificate = engines.certificateFor(serverName);
        SSLEngine engine = engines.engine(certificate, sessionId);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        handler.setCloseNotifyReadTimeoutMillis(0);
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                established.accept(engines.facts(engine, serverName, certificate)
                        .with(engines.resumable(engine, hello, certificate, sessionId)));
            } else {
                failed.accept(done.cause());
            }
        });
        ctx.pipeline().replace(this, "tls", handler);
    }
}
