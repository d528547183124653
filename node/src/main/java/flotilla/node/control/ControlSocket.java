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
 * The socket of a control connection: it cuts lines, hands them to its actor a few at a time, and writes replies. It
 * runs on the channel's event loop; methods that other threads call pass their work to that loop.
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

    /** The reply to send at the end of the running transfer; null for none. */
    private volatile @Nullable Reply farewell;

    /** The name that the client gave last. */
    private volatile String user = "";

    /** True while the actor waits for its session. */
    private volatile boolean awaiting;

    ControlSocket(ControlListener listener, Link link, Channel channel) {
        this.listener = listener;
        this.link = link;
        this.channel = channel;
        this.patience = new Patience(listener::settings, System.nanoTime());
        this.lines = new IncomingLines(listener::settings, channel);
        this.closing = new Closing(channel, lines);
        this.closeNotify = new CloseNotify(channel);
        this.inputEnd = new InputEnd(channel, lines);
        this.complaints = new Complaints(listener.rareLines(), link);
    }

    Link link() {
        return link;
    }

    /** Connects the actor, which then gets lines. */
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
        // A client may send commands with its last handshake flight. They wait until the actor has come.
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

    /**
     * Notes that all lines the actor knows are answered. Ends the connection when no other line waits and none can
     * come.
     */
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

    /** Returns true when the client has gone, or has closed its half without a command. On the event loop. */
    boolean isGone() {
        return !channel.isActive() || inputEnd.isAll();
    }

    /** Notes that the actor has handled a line. */
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

    /** Notes the name that the client gives with USER. */
    void named(String name) {
        user = name;
    }

    void loggedIn() {
        isKnown();
        patience.loggedIn();
        channel.eventLoop().execute(lines::loggedIn);
    }

    /** Says whether byte 255 may be a letter. */
    void eightBit(boolean on) {
        channel.eventLoop().execute(() -> lines.eightBit(on));
    }

    /** Stops counting this connection as one without a login. Does so once. */
    void isKnown() {
        if (known.compareAndSet(false, true)) {
            listener.authenticated(this);
        }
    }

    void awaiting(boolean on) {
        awaiting = on;
    }

    /** Runs every {@link ControlListener#TICK}. */
    void tick() {
        if (awaiting) {
            tell(SocketEvent.Tick.INSTANCE);
        }
    }

    /** Notes that a node of the cluster is lost. */
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
     * @param last the reply to end with
     * @param nanos for how long nothing may have been said
     * @param soon true to end the connection at the end of its transfer otherwise
     */
    void closeIfQuiet(Reply last, long nanos, boolean soon) {
        farewell = soon ? last : null;
        channel.eventLoop().execute(() -> {
            if (!awaiting && lines.isQuiet() && patience.isQuiet(nanos, System.nanoTime())) {
                closeWith(last, "shutdown");
            }
        });
    }

    /** Cancels the end of the connection after its transfer. */
    void stay() {
        farewell = null;
    }

    private void sayFarewell() {
        Reply last = farewell;
        if (last != null && !patience.isTransferring()) {
            closeWith(last, "shutdown");
        }
    }

    /**
     * Writes the last clear reply, then starts TLS. Refuses bytes that came before the handshake: they are an attack
     * (CVE-2011-0411).
     */
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
     * Writes the last reply under TLS. The connection returns to clear text once both sides have sent close_notify (RFC
     * 4217, section 6).
     *
     * @param again true when the login begins again
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

    /** Makes the handler that holds the client's close_notify back while commands are answered. */
    LastRecord lastRecord() {
        return new LastRecord(this::isUnderTls, () -> tell(SocketEvent.InputPaused.INSTANCE));
    }

    private boolean isUnderTls() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls != null && tls.handshakeFuture().isSuccess() && !closeNotify.isAwaited();
    }

    /** Completes when the connection has gone. */
    ChannelFuture closed() {
        return channel.closeFuture();
    }

    void closeWith(Reply reply, String why) {
        closeAfter(reply.encode(), why);
    }

    /** See {@link Closing#after}. */
    void closeAfter(byte[] last, String why) {
        closing.after(last, why);
    }

    /** See {@link Closing#soon}. */
    void closeSoon() {
        closing.soon();
    }

    /** See {@link Closing#now}. */
    void close(String why) {
        closing.now(why);
    }

    /** Ends the connection when it has waited too long. Runs every second. No wait counts while the session is frozen. */
    void checkTimeouts(long now) {
        if (patience.isLoggedIn() && !closing.isBegun() && listener.isFrozen(link, user)) {
            patience.touched(now);
            return;
        }
        // A last reply may be stuck before the socket and yet be too short to make the channel unwritable.
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
            // After the client's close_notify the engine sends only its own.
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

    /**
     * Ends the connection; TLS itself tells the client the cause. The log names it, unless the client just left. On the
     * event loop.
     */
    void handshakeFailed(Throwable why) {
        if (!closing.isBegun() && channel.isActive()) {
            complaints.handshakeFailed(why);
        }
        close("TLS handshake failed");
    }

    /** Tells the actor, if it has come. */
    private void tell(SocketEvent event) {
        ActorRef<SocketEvent> self = actor;
        if (self != null) {
            self.tell(event);
        }
    }
}
