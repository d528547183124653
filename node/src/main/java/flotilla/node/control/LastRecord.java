package flotilla.node.control;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds a client's close_notify back until its commands are answered, because the TLS engine sends nothing more after
 * it. It holds the last record that came, if that may be a close_notify: an alert (TLS 1.2), or a record of an alert's
 * size (TLS 1.3 encrypts the type). It passes the record on when more bytes come, when all commands are answered, or
 * after {@link #LONGEST_MILLIS} without the end of the stream.
 */
final class LastRecord extends ChannelInboundHandlerAdapter {
    static final String NAME = "last-record";

    /**
     * A record of that size may be a command, so it must not wait for long. A constant and no setting: the held record
     * uses no resource that others wait for.
     */
    private static final long LONGEST_MILLIS = 200;

    private static final int HEADER = 5;
    private static final int ALERT = 21;
    private static final int APPLICATION_DATA = 23;
    /**
     * Size of a sealed close_notify: with its nonce in TLS 1.2; in TLS 1.3 two bytes, their type and the tag, and 16
     * bytes of padding from Java's TLS.
     */
    private static final int MAX_ALERT = 64;

    private static final int CLOSE_NOTIFY_13 = 2 + 1 + 16;
    private static final int JAVA_PADDING = 16;

    private final BooleanSupplier mayHold;
    private final Runnable held;
    private @Nullable ByteBuf kept;
    /** Number of bytes still to come of a record that was passed on in part. */
    private int remaining;

    private @Nullable ScheduledFuture<?> overdue;

    /**
     * Creates the handler.
     *
     * @param mayHold returns true while TLS is up and we do not wait for its end
     * @param held runs when a record is held
     */
    LastRecord(BooleanSupplier mayHold, Runnable held) {
        this.mayHold = mayHold;
        this.held = held;
    }

    /**
     * Passes the held record on, because the commands before it are answered. Returns false when none is held. On the
     * event loop.
     */
    static boolean release(ChannelPipeline pipeline) {
        ChannelHandlerContext ctx = pipeline.context(NAME);
        return ctx != null && ((LastRecord) ctx.handler()).release(ctx);
    }

    private boolean release(ChannelHandlerContext ctx) {
        ByteBuf bytes = take();
        if (bytes == null) {
            return false;
        }
        ctx.fireChannelRead(bytes);
        ctx.fireChannelReadComplete();
        return true;
    }

    private @Nullable ByteBuf take() {
        ScheduledFuture<?> timer = overdue;
        if (timer != null) {
            timer.cancel(false);
            overdue = null;
        }
        ByteBuf bytes = kept;
        kept = null;
        return bytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf before = take();
        ByteBuf bytes = before == null ? (ByteBuf) message : Unpooled.wrappedBuffer(before, (ByteBuf) message);
        int goesOn = goesOn(bytes);
        if (goesOn == bytes.readableBytes()) {
            ctx.fireChannelRead(bytes);
            return;
        }
        ByteBuf rest = bytes.retainedSlice(bytes.readerIndex() + goesOn, bytes.readableBytes() - goesOn);
        if (goesOn > 0) {
            ctx.fireChannelRead(bytes.slice(bytes.readerIndex(), goesOn));
        } else {
            bytes.release();
        }
        hold(ctx, rest);
    }

    private void hold(ChannelHandlerContext ctx, ByteBuf rest) {
        kept = rest;
        if (!isWhole(rest)) {
            return;
        }
        if (!mayHold.getAsBoolean()) {
            release(ctx);
            return;
        }
        overdue = ctx.executor().schedule(() -> release(ctx), LONGEST_MILLIS, TimeUnit.MILLISECONDS);
        held.run();
    }

    /** Number of bytes to pass on now: those that more bytes follow, and those that cannot be a close_notify. */
    private int goesOn(ByteBuf bytes) {
        int begin = bytes.readerIndex();
        int at = begin + Math.min(remaining, bytes.readableBytes());
        remaining -= at - begin;
        while (at < bytes.writerIndex()) {
            int left = bytes.writerIndex() - at;
            if (left < HEADER) {
                return at - begin;
            }
            int size = HEADER + bytes.getUnsignedShort(at + HEADER - 2);
            if (size >= left) {
                boolean mayBeLast = isCandidate(bytes.getUnsignedByte(at), size - HEADER);
                remaining = mayBeLast ? 0 : size - left;
                return mayBeLast ? at - begin : bytes.readableBytes();
            }
            at += size;
        }
        return bytes.readableBytes();
    }

    private static boolean isCandidate(int type, int length) {
        return type == ALERT && length <= MAX_ALERT
                || type == APPLICATION_DATA && (length == CLOSE_NOTIFY_13 || length == CLOSE_NOTIFY_13 + JAVA_PADDING);
    }

    private static boolean isWhole(ByteBuf record) {
        return record.readableBytes() >= HEADER
                && record.readableBytes() == HEADER + record.getUnsignedShort(record.readerIndex() + HEADER - 2);
    }

    /**
     * Keeps the held record at the end of the stream, since nothing can follow it. It waits for the answers to the
     * commands before it; those have their own time limits.
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ByteBuf record = take();
            if (record != null && isWhole(record)) {
                kept = record;
            } else if (record != null) {
                record.release();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ByteBuf record = take();
        if (record != null && ctx.channel().isActive()) {
            ctx.fireChannelRead(record);
        } else if (record != null) {
            record.release();
        }
    }
}
