package flotilla.node.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Keeps the bytes that a client of an implicit port sent before its connection was admitted, such as a ClientHello in
 * one segment with a PROXY header. Reading is off meanwhile, so it keeps the bytes of one read at most.
 */
final class EarlyBytes extends ChannelInboundHandlerAdapter {
    private final Queue<ByteBuf> kept = new ArrayDeque<>();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        kept.add((ByteBuf) message);
    }

    /** Removes this handler and passes the kept bytes to the first handler of the pipeline. */
    static void passOn(ChannelPipeline pipeline) {
        EarlyBytes early = pipeline.get(EarlyBytes.class);
        if (early == null) {
            return;
        }
        Queue<ByteBuf> bytes = new ArrayDeque<>(early.kept);
        early.kept.clear();
        pipeline.remove(early);
        bytes.forEach(pipeline::fireChannelRead);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        kept.forEach(ReferenceCountUtil::release);
        kept.clear();
    }
}
