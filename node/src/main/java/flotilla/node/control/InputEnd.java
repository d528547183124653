package flotilla.node.control;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;

/**
 * The end of a client's input while the client may still read (a half-closed connection): the commands before it are
 * answered, then the connection is closed. On the channel's event loop.
 */
final class InputEnd {
    /**
     * A constant and no setting: it asks for all that the kernel gives, and an operator limits that by
     * net.core.wmem_max.
     */
    private static final int SEND_BUFFER = 1024 * 1024;

    private final Channel channel;
    private final IncomingLines lines;
    private boolean ended;

    InputEnd(Channel channel, IncomingLines lines) {
        this.channel = channel;
        this.lines = lines;
    }

    /**
     * Lets the connection outlive the client's FIN from now on, or not. A handshake does not.
     *
     * @param answers true to outlive it, so that earlier commands are answered
     */
    static void mayComeBefore(Channel channel, boolean answers) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, answers);
    }

    /**
     * Handles FIN. Netty's epoll transport (4.2.18) removes a socket that is not read from epoll, and then cannot wait
     * until it is writable. So the kernel's buffer is raised: it takes the replies that the client has not read, as far
     * as it can.
     */
    void came() {
        ended = true;
        channel.config().setOption(ChannelOption.SO_SNDBUF, SEND_BUFFER);
    }

    /** Returns true once FIN has come. The socket must not be read then. */
    boolean hasCome() {
        return ended;
    }

    /** Returns true when FIN has come and all lines before it are cut. */
    boolean isReached() {
        return ended && !lines.isHeld();
    }

    /** Returns true when the client came and went without a command. */
    boolean isAll() {
        return ended && lines.isEmpty();
    }

    /**
     * Passes on the TLS record that was held back: close_notify, or the rest of a command. Returns false when there was
     * none.
     */
    boolean looksFurther() {
        return LastRecord.release(channel.pipeline());
    }
}
