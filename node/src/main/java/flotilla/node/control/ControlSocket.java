package flotilla.node.control;

import flotilla.node.protocol.LineScanner;
import flotilla.node.protocol.Reply;
import flotilla.node.state.Link;
import flotilla.node.state.Security.TlsFacts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of a control connection: cuts lines, hands them to its actor a few at a time, writes replies. Everything runs on
 * the channel's event loop; methods that others call go there first.
 */
final class ControlSocket extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);

    /** How long a client may take to end TLS after CCC. */
    private static final long CLOSE_NOTIFY_SECONDS = 5;

    /** How long the last reply to a client may take that is thrown out. */
    private static final long LAST_REPLY_MILLIS = 500;

    private final ControlListener listener;
    private final Link link;
    private final Channel channel;
    private final LineScanner scanner;
    private final Patience patience;
    private volatile @Nullable ActorRef<SocketEvent> actor;
    private @Nullable ByteBuf held;
    private int pending;
    private String reason = "client closed";
    /** Our close_notify is out, the client's is awaited: nothing but that may come. */
    private boolean endingTls;

    /** What to say as soon as the transfer that runs has ended. */
    private volatile @Nullable Reply farewell;

    private volatile boolean closing;

    /** The actor waits for its session. */
    private volatile boolean awaiting;

    ControlSocket(ControlListener listener, Link link, Channel channel) {
        this.listener = listener;
        this.link = link;
        this.channel = channel;
        this.patience = new Patience(listener.settings(), System.nanoTime());
        this.scanner = new LineScanner(listener.settings().maxLineBeforeLogin());
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
                self.tell(new SocketEvent.SocketClosed(reason));
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (endingTls) {
            bytes.release();
            close("bytes before the client's close_notify");
            return;
        }
        patience.touched(System.nanoTime());
        if (held == null) {
            held = bytes;
        } else {
            held = Unpooled.wrappedBuffer(held, bytes);
        }
        cutLines();
    }

    private void cutLines() {
        // A client may send commands with its last handshake flight, before the actor is there: they wait.
        while (actor != null && held != null && pending < listener.settings().maxQueuedLines() && !closing) {
            ByteBuffer view = held.nioBuffer();
            Optional<LineScanner.Scanned> scanned = scanner.scan(view);
            held.skipBytes(view.position());
            answerTelnet();
            if (scanned.isEmpty() || !held.isReadable()) {
                held.release();
                held = null;
            }
            scanned.ifPresent(line -> {
                pending++;
                actor().tell(new SocketEvent.Line(line.line(), line.fault()));
            });
        }
        channel.config().setAutoRead(held == null && !closing);
    }

    private void answerTelnet() {
        byte[] answers = scanner.takeAnswers();
        if (answers.length > 0) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(answers));
        }
    }

    /** The actor has dealt with a line. */
    void consumed() {
        channel.eventLoop().execute(() -> {
            pending--;
            patience.touched(System.nanoTime());
            if (held != null) {
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
        patience.loggedIn();
        channel.eventLoop().execute(() -> scanner.maxLine(listener.settings().maxLine()));
    }

    void awaiting(boolean on) {
        awaiting = on;
    }

    /** Called every {@link ControlListener#TICK}. */
    void tick() {
        ActorRef<SocketEvent> self = actor;
        if (awaiting && self != null) {
            self.tell(SocketEvent.Tick.INSTANCE);
        }
    }

    /** A node of the cluster is gone. */
    void nodeLost(Address address) {
        ActorRef<SocketEvent> self = actor;
        if (self != null) {
            self.tell(new SocketEvent.NodeLost(address));
        }
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
            if (!awaiting && pending == 0 && held == null && patience.isQuiet(nanos, System.nanoTime())) {
                closeWith(last, "shutdown");
            }
        });
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
            if (held != null || pending > 0 || scanner.hasPartialLine()) {
                closeWith(Reply.of(503, "Nothing may follow AUTH before TLS."), "commands after AUTH");
                return;
            }
            channel.writeAndFlush(Unpooled.wrappedBuffer(reply));
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
            if (tls != null && (held != null || pending > 0 || scanner.hasPartialLine())) {
                closeWith(Reply.of(503, "Nothing may follow this command under TLS."), "commands before clear text");
                return;
            }
            if (again) {
                patience.loginBegins(System.nanoTime());
                scanner.maxLine(listener.settings().maxLineBeforeLogin());
            }
            channel.writeAndFlush(Unpooled.wrappedBuffer(reply));
            if (tls == null) {
                actor().tell(SocketEvent.TlsEnded.INSTANCE);
                return;
            }
            endingTls = true;
            tls.closeOutbound();
            channel.eventLoop().schedule(this::checkTlsEnded, CLOSE_NOTIFY_SECONDS, TimeUnit.SECONDS);
        });
    }

    private void checkTlsEnded() {
        if (endingTls) {
            close("no close_notify came");
        }
    }

    private void tlsStarted(TlsFacts facts) {
        actor().tell(new SocketEvent.TlsStarted(facts));
    }

    /** Completes when the connection is gone. */
    ChannelFuture closed() {
        return channel.closeFuture();
    }

    void closeWith(Reply reply, String why) {
        closeAfter(reply.encode(), why);
    }

    /** Sends the last reply, then close_notify and FIN; what the client still sends is not read any more. */
    void closeAfter(byte[] last, String why) {
        channel.eventLoop().execute(() -> {
            if (closing) {
                return;
            }
            closing = true;
            reason = why;
            dropHeld();
            channel.config().setAutoRead(false);
            channel.writeAndFlush(Unpooled.wrappedBuffer(last)).addListener(written -> closeGently());
        });
    }

    /** Closes even if the last reply cannot be written. */
    void closeSoon() {
        channel.eventLoop().schedule(() -> channel.close(), LAST_REPLY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void closeGently() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound().addListener(done -> channel.close());
        } else {
            channel.close();
        }
    }

    void close(String why) {
        channel.eventLoop().execute(() -> {
            if (!closing) {
                closing = true;
                reason = why;
            }
            dropHeld();
            channel.close();
        });
    }

    /** Called every second: ends what has waited too long. */
    void checkTimeouts(long now) {
        // The last reply may be stuck in front of the socket, too, and be too short to make the channel unwritable.
        boolean blocked = !channel.isWritable() || closing;
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
        if (channel.isWritable() && actor != null) {
            actor.tell(SocketEvent.Writable.INSTANCE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        dropHeld();
        listener.ended(this);
        if (actor != null) {
            actor.tell(new SocketEvent.SocketClosed(reason));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (endingTls && event instanceof SslCloseCompletionEvent ended && ended.isSuccess()) {
            endingTls = false;
            channel.pipeline().remove(SslHandler.class);
            actor().tell(SocketEvent.TlsEnded.INSTANCE);
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        if (failure instanceof IOException) {
            LOG.debug("control connection of {}: {}", link.client(), failure.getMessage());
        } else {
            LOG.info("control connection of {}: {}", link.client(), failure.toString());
        }
        reason = "connection broken";
        ctx.channel().close().addListener(ChannelFutureListener.CLOSE);
    }

    private void dropHeld() {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    private ActorRef<SocketEvent> actor() {
        if (actor == null) {
            throw new IllegalStateException("no actor yet");
        }
        return actor;
    }
}
