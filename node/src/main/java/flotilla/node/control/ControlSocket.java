package flotilla.node.control;

import flotilla.node.protocol.Reply;
import flotilla.node.state.Link;
import flotilla.node.state.Security.TlsFacts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a control connection: cuts lines, hands them to its actor a few at a time, writes replies. Everything runs on
 * the channel's event loop; methods that others call go there first.
 */
final class ControlSocket extends ChannelInboundHandlerAdapter {
    private final ControlListener listener;
    private final Link link;
    private final Channel channel;
    private final IncomingLines lines;
    private final CloseNotify closeNotify;
    private final Closing closing;
    private final Patience patience;
    private final InputEnd inputEnd;
    private final Complaints complaints;
    private final AtomicBoolean known = new AtomicBoolean();
    private volatile @Nullable ActorRef<SocketEvent> actor;

    /** What to say as soon as the transfer that runs has ended. */
    private volatile @Nullable Reply farewell;

    /** The actor waits for its session. */
    private volatile boolean awaiting;

    ControlSocket(ControlListener listener, Link link, Channel channel) {
        this.listener = listener;
        this.link = link;
        this.channel = channel;
        this.patience = new Patience(listener.settings(), System.nanoTime());
        this.lines = new IncomingLines(listener.settings(), channel);
        this.closing = new Closing(channel, lines);
        this.closeNotify = new CloseNotify(channel);
        this.inputEnd = new InputEnd(channel, lines);
        this.complaints = new Complaints(listener.rareLines(), link);
    }

    Link link() {
        return link;
    }

    /** The actor is there: lines may come. */
    void attach(ActorRef<SocketEvent> self) {
        channel.eventLoop().execute(() -> {
            actor = self;
            if (channel.isActive()) {
                cutLines();
            } else {
                self.tell(new SocketEvent.SocketClosed(closing.reason()));
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (closeNotify.isAwaited()) {
            bytes.release();
            close("bytes before the client's close_notify");
            return;
        }
        patience.touched(System.nanoTime());
        lines.add(bytes);
        cutLines();
    }

    private void cutLines() {
        ActorRef<SocketEvent> self = actor;
        // A client may send commands with its last handshake flight, before the actor is there: they wait.
        if (self != null && !closing.isBegun()) {
            lines.cut(self::tell);
        }
        if (!inputEnd.hasCome()) {
            channel.config().setAutoRead(!lines.isHeld() && !closing.isBegun());
        }
        if (inputEnd.isReached()) {
            tell(SocketEvent.InputEnded.INSTANCE);
        }
    }

    /** All lines that the actor knows are answered. If there are no others, and nothing more can come, that is the end. */
    void answered() {
        channel.eventLoop().execute(() -> {
            boolean more = !lines.isQuiet() || inputEnd.looksFurther();
            if (more) {
                tell(inputEnd.isReached() ? SocketEvent.InputEnded.INSTANCE : SocketEvent.InputPaused.INSTANCE);
            } else if (inputEnd.isReached()) {
                closeAfter(new byte[0], Closing.BY_CLIENT);
            }
        });
    }

    /** Whether the client is gone, or says nothing any more and never did; on the event loop. */
    boolean isGone() {
        return !channel.isActive() || inputEnd.isAll();
    }

    /** The actor has dealt with a line. */
    void consumed() {
        channel.eventLoop().execute(() -> {
            lines.consumed();
            patience.touched(System.nanoTime());
            if (lines.isHeld()) {
                cutLines();
            }
        });
    }

    void write(byte[] bytes) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    void loggedIn() {
        isKnown();
        patience.loggedIn();
        channel.eventLoop().execute(lines::loggedIn);
    }

    /** Counts no longer as a stranger; told once. */
    void isKnown() {
        if (known.compareAndSet(false, true)) {
            listener.authenticated(this);
        }
    }

    void awaiting(boolean on) {
        awaiting = on;
    }

    /** Called every {@link ControlListener#TICK}. */
    void tick() {
        if (awaiting) {
            tell(SocketEvent.Tick.INSTANCE);
        }
    }

    /** A node of the cluster is gone. */
    void nodeLost(Address address) {
        tell(new SocketEvent.NodeLost(address));
    }

    void transferring(boolean on) {
        patience.transferring(on, System.nanoTime());
        if (!on && farewell != null) {
            channel.eventLoop().execute(this::sayFarewell);
        }
    }

    /**
     * Ends the connection if it is quiet.
     *
     * @param nanos how long nothing may have been said
     * @param soon whether the end of a transfer is enough from now on
     */
    void closeIfQuiet(Reply last, long nanos, boolean soon) {
        farewell = soon ? last : null;
        channel.eventLoop().execute(() -> {
            if (!awaiting && lines.isQuiet() && patience.isQuiet(nanos, System.nanoTime())) {
                closeWith(last, "shutdown");
            }
        });
    }

    /** The end of a transfer ends nothing any more. */
    void stay() {
        farewell = null;
    }

    private void sayFarewell() {
        Reply last = farewell;
        if (last != null && !patience.isTransferring()) {
            closeWith(last, "shutdown");
        }
    }

    /** Writes the last clear reply and turns TLS on. Bytes sent ahead of the handshake are an attack (CVE-2011-0411). */
    void startTls(byte[] reply) {
        channel.eventLoop().execute(() -> {
            if (!lines.isEmpty()) {
                closeWith(Reply.of(503, "Nothing may follow AUTH before TLS."), "commands after AUTH");
                return;
            }
            channel.writeAndFlush(Unpooled.wrappedBuffer(reply));
            InputEnd.mayComeBefore(channel, false);
            listener.addTls(channel.pipeline(), this, this::tlsStarted);
        });
    }

    /**
     * Writes the last reply under TLS and goes back to clear text once both sides have sent close_notify (RFC 4217, section 6).
     *
     * @param again whether the login begins again
     */
    void endTls(byte[] reply, boolean again) {
        channel.eventLoop().execute(() -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls != null && !lines.isEmpty()) {
                closeWith(Reply.of(503, "Nothing may follow this command under TLS."), "commands before clear text");
                return;
            }
            if (again) {
                patience.loginBegins(System.nanoTime());
                lines.beforeLogin();
            }
            channel.writeAndFlush(Unpooled.wrappedBuffer(reply));
            if (tls == null) {
                tell(SocketEvent.TlsEnded.INSTANCE);
                return;
            }
            closeNotify.send(tls, () -> close("no close_notify came"));
            inputEnd.looksFurther();
        });
    }

    private void tlsStarted(TlsFacts facts) {
        tell(new SocketEvent.TlsStarted(facts));
    }

    /** Holds the client's close_notify back while its commands are answered. */
    LastRecord lastRecord() {
        return new LastRecord(this::isUnderTls, () -> tell(SocketEvent.InputPaused.INSTANCE));
    }

    private boolean isUnderTls() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls != null && tls.handshakeFuture().isSuccess() && !closeNotify.isAwaited();
    }

    /** Completes when the connection is gone. */
    ChannelFuture closed() {
        return channel.closeFuture();
    }

    void closeWith(Reply reply, String why) {
        closeAfter(reply.encode(), why);
    }

    /** As {@link Closing#after}. */
    void closeAfter(byte[] last, String why) {
        closing.after(last, why);
    }

    /** As {@link Closing#soon}. */
    void closeSoon() {
        closing.soon();
    }

    /** As {@link Closing#now}. */
    void close(String why) {
        closing.now(why);
    }

    /** Called every second: ends what has waited too long. */
    void checkTimeouts(long now) {
        // The last reply may be stuck in front of the socket, too, and be too short to make the channel unwritable.
        boolean blocked = !channel.isWritable() || closing.isBegun();
        patience.overdue(blocked, now).ifPresent(overdue -> {
            if (overdue.reply().isPresent()) {
                closeWith(overdue.reply().get(), overdue.reason());
            } else {
                close(overdue.reason());
            }
        });
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            tell(SocketEvent.Writable.INSTANCE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lines.drop();
        listener.ended(this);
        tell(new SocketEvent.SocketClosed(closing.reason()));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (closeNotify.isEndedBy(event)) {
            tell(SocketEvent.TlsEnded.INSTANCE);
        } else if (closeNotify.isAwaited() && event instanceof ChannelInputShutdownEvent
                || event instanceof SslCloseCompletionEvent end && end.isSuccess()) {
            // After the client's close_notify the engine sends nothing but its own.
            close(Closing.BY_CLIENT);
        } else if (event instanceof ChannelInputShutdownEvent) {
            inputEnd.came();
            cutLines();
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        complaints.broken(failure);
        closing.broken();
    }

    /** Ends the connection, whose client is told by TLS itself; the log says why, unless the client just left. On the event loop. */
    void handshakeFailed(Throwable why) {
        if (!closing.isBegun() && channel.isActive()) {
            complaints.handshakeFailed(why);
        }
        close("TLS handshake failed");
    }

    /** Tells the actor, if it is there yet. */
    private void tell(SocketEvent event) {
        ActorRef<SocketEvent> self = actor;
        if (self != null) {
            self.tell(event);
        }
    }
}
