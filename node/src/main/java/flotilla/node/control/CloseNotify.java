package flotilla.node.control;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/** The end of TLS on a connection that goes on in clear (RFC 4217, section 6): both sides send close_notify. On the channel's event loop. */
final class CloseNotify {
    /** How long a client may take to end TLS after CCC. */
    private static final long LONGEST_SECONDS = 5;

    private final Channel channel;
    private boolean awaited;

    CloseNotify(Channel channel) {
        this.channel = channel;
    }

    /** Our close_notify is out, the client's is awaited: nothing but that may come. */
    boolean isAwaited() {
        return awaited;
    }

    /** Sends ours. @param overdue done when the client's does not come */
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

    /** Whether this is the awaited end: then TLS is gone from the connection. */
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
