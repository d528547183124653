package flotilla.node.control;

import flotilla.node.tls.TicketRepeater;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * Gives the client a session ticket before each data connection but the first, which has that of the handshake: with
 * the replies to PASV and EPSV, and in active mode with 150.
 */
final class TicketsAgain {
    private static final String BELOW = "tickets-below";
    private static final String ABOVE = "tickets-above";
    private static final int HEADER = 5;
    private static final int CODE = 4;

    private final TicketRepeater repeater;
    private boolean first = true;
    private boolean offered;
    private boolean due;

    private TicketsAgain(TicketRepeater repeater) {
        this.repeater = repeater;
    }

    /**
     * Begins on a connection, after its handshake and before its first reply.
     *
     * @param tls the name of its TLS handler
     */
    static void begin(ChannelPipeline pipeline, String tls, TicketRepeater repeater) {
        TicketsAgain tickets = new TicketsAgain(repeater);
        for (String name : new String[] {BELOW, ABOVE}) {
            if (pipeline.get(name) != null) {
                pipeline.remove(name); // of TLS before CCC
            }
        }
        pipeline.addBefore(tls, BELOW, tickets.new Below());
        pipeline.addAfter(tls, ABOVE, tickets.new Above());
    }

    private void said(String code) {
        boolean passive = code.equals("227 ") || code.equals("229 ");
        boolean begins = code.equals("150 ") || code.equals("125 ");
        if (passive || begins && !offered) {
            due = !first;
            first = false;
        }
        offered = passive || offered && !begins;
    }

    /** Reads the codes of replies. */
    private final class Above extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (message instanceof ByteBuf reply && reply.readableBytes() > CODE) {
                said(reply.toString(reply.readerIndex(), CODE, StandardCharsets.US_ASCII));
            }
            ctx.write(message, promise);
        }
    }

    /** Adds the ticket to TLS's records. */
    private final class Below extends ChannelOutboundHandlerAdapter {
        private ByteBuf waiting = Unpooled.EMPTY_BUFFER;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (!(message instanceof ByteBuf bytes) || ctx.pipeline().get(SslHandler.class) == null) {
                ctx.write(message, promise);
                return;
            }
            ByteBuf records = Unpooled.wrappedBuffer(waiting, bytes);
            try {
                ctx.write(sent(records), promise);
                waiting = records.isReadable() ? Unpooled.copiedBuffer(records) : Unpooled.EMPTY_BUFFER;
            } catch (GeneralSecurityException e) {
                promise.setFailure(e);
                ctx.close();
            } finally {
                ReferenceCountUtil.release(records);
            }
        }

        private ByteBuf sent(ByteBuf records) throws GeneralSecurityException {
            ByteBuf out = Unpooled.buffer(records.readableBytes());
            while (records.readableBytes() >= HEADER
                    && records.readableBytes() >= HEADER + records.getUnsignedShort(records.readerIndex() + 3)) {
                int length = HEADER + records.getUnsignedShort(records.readerIndex() + 3);
                if (due) {
                    due = false;
                    repeater.again().ifPresent(out::writeBytes);
                }
                out.writeBytes(repeater.outgoing(ByteBufUtil.getBytes(records.readSlice(length))));
            }
            return out;
        }
    }
}
