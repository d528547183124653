package flotilla.node.control;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a control connection and keeps the reason. Any thread may call it; it acts on the channel's event loop. */
final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    /** Longest time for writing the last reply to a client that the server disconnects. */
    private static final long LAST_REPLY_MILLIS = 500;

    /** The reason when the client ended the connection. */
    static final String BY_CLIENT = "client closed";

    private final Channel channel;
    private final IncomingLines lines;
    private volatile boolean begun;
    private String reason = BY_CLIENT;

    Closing(Channel channel, IncomingLines lines) {
        this.channel = channel;
        this.lines = lines;
    }

    boolean isBegun() {
        return begun;
    }

    /** The reason, for the log. On the event loop. */
    String reason() {
        return reason;
    }

    /** Sends the last reply, then close_notify and FIN. It reads nothing that the client still sends. */
    void after(byte[] last, String why) {
        channel.eventLoop().execute(() -> {
            if (begun) {
                return;
            }
            begun = true;
            reason = why;
            lines.drop();
            channel.config().setAutoRead(false);
            channel.writeAndFlush(Unpooled.wrappedBuffer(last)).addListener(written -> gently());
        });
    }

    private void gently() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.close();
            return;
        }
        try {
            tls.closeOutbound().addListener(done -> channel.close());
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.debug("no close_notify is sent", e); // there may be no memory for it while transfers hold all
            channel.close();
        }
    }

    /** Closes after half a second, even if the last reply cannot be written. */
    void soon() {
        channel.eventLoop().schedule(() -> channel.close(), LAST_REPLY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Closes without a reply. */
    void now(String why) {
        channel.eventLoop().execute(() -> {
            if (!begun) {
                begun = true;
                reason = why;
            }
            lines.drop();
            channel.close();
        });
    }

    /** Closes a connection that broke. On the event loop. */
    void broken() {
        reason = "connection broken";
        channel.close();
    }
}
