package flotilla.node.control;

import flotilla.node.protocol.Proxy;
import flotilla.node.protocol.Proxy.Mode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.ProtocolDetectionResult;
import io.netty.handler.codec.ProtocolDetectionState;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Reads the PROXY header (version 1 or 2) of a control connection from a trusted balancer, reports its addresses and
 * removes itself.
 */
final class ProxyHeaders extends ByteToMessageDecoder {
    private final Proxy settings;
    private final Found found;
    private final Runnable missing;
    private final Runnable probed;
    private boolean settled;

    /** Gets the addresses; called once. */
    interface Found {
        /**
         * Takes the result.
         *
         * @param header {@link ProxiedAddresses#NONE} when there is no header, or one without addresses (LOCAL,
         *     UNKNOWN)
         */
        void header(ProxiedAddresses header);
    }

    /**
     * Creates the handler.
     *
     * @param missing runs when a connection is closed because it has no header
     * @param probed runs when a connection ends without a byte
     */
    ProxyHeaders(Proxy settings, Found found, Runnable missing, Runnable probed) {
        this.settings = settings;
        this.found = found;
        this.missing = missing;
        this.probed = probed;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        // In mode "accept", a client that waits for the greeting sends nothing: after this time there is no header.
        long wait = settings.timeout().toMillis();
        ctx.executor().schedule(() -> overdue(ctx), wait, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        if (!settled && !ctx.isRemoved() && actualReadableBytes() == 0) {
            settled = true;
            probed.run();
        }
        super.channelInactive(ctx);
    }

    private void overdue(ChannelHandlerContext ctx) {
        if (settled) {
            return;
        }
        boolean begun = ctx.isRemoved() || actualReadableBytes() > 0;
        if (settings.mode() == Mode.REQUIRE || begun) {
            missing.run();
            ctx.channel().close();
        } else {
            finish(ctx, ProxiedAddresses.NONE);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        ProtocolDetectionResult<HAProxyProtocolVersion> detected = HAProxyMessageDecoder.detectProtocol(in);
        if (detected.state() == ProtocolDetectionState.NEEDS_MORE_DATA) {
            return;
        }
        if (detected.state() == ProtocolDetectionState.INVALID) {
            if (settings.mode() == Mode.REQUIRE) {
                settled = true;
                missing.run();
                ctx.close();
            } else {
                finish(ctx, ProxiedAddresses.NONE);
            }
            return;
        }
        ctx.pipeline().addAfter(ctx.name(), "proxy-header", new HAProxyMessageDecoder());
        ctx.pipeline().addAfter("proxy-header", "proxy-message", new MessageHandler());
        ctx.pipeline().remove(this);
    }

    private void finish(ChannelHandlerContext ctx, ProxiedAddresses addresses) {
        settled = true;
        ctx.channel().config().setAutoRead(false);
        found.header(addresses);
        ctx.pipeline().remove(this);
    }

    private final class MessageHandler extends io.netty.channel.SimpleChannelInboundHandler<HAProxyMessage> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage message) {
            settled = true;
            if (ProxiedAddresses.areOfDatagrams(message)) {
                missing.run();
                ctx.close();
                return;
            }
            ctx.channel().config().setAutoRead(false);
            found.header(ProxiedAddresses.of(message));
            ctx.pipeline().remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
            ctx.close();
        }
    }
}
