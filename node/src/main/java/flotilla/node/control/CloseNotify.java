package flotilla.node.control;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * Ends TLS on a connection that continues in clear (RFC 4217, section 6): both sides send close_notify. On the
 * channel's event loop.
 */
final class CloseNotify {
    /** Longest time that a client may take to end TLS after CCC. */
    private static final long LONGEST_SECONDS = 5;

    private final Channel channel;
    private boolean awaited;

    CloseNotify(Channel channel) {
        this.channel = channel;
    }

    /** Returns true after our close_notify was sent and before the client's has come. No other bytes may come then. */
    boolean isAwaited() {
        return awaited;
    }

    /**
     * Sends our close_notify.
     *
     * @param overdue runs when the client's does not come in time
     */
    void send(SslHandler tls, Runnable overdue) {
        awaited = true;
        tls.closeOutbound();
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (awaited) {
                                overdue.run();
                            }
                        },
                        LONGEST_SECONDS,
                        TimeUnit.SECONDS);
    }

    /** Returns true when the event is the client's awaited close_notify. TLS is then removed from the connection. */
    boolean isEndedBy(Object event) {
        if (!awaited || !(event instanceof SslCloseCompletionEvent ended) || !ended.isSuccess()) {
            return false;
        }
        awaited = false;
        channel.pipeline().remove(SslHandler.class);
        if (channel.pipeline().get(LastRecord.NAME) != null) {
            channel.pipeline().remove(LastRecord.NAME);
        }
        return true;
    }
}
