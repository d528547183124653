package flotilla.node.control;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;

/**
 * The end of what a client sends, while it may still read (a half-closed connection): commands that came before it are answered, then
 * the connection is closed. On the channel's event loop.
 */
final class InputEnd {
    /** No key: it only asks for all that the kernel gives, and the operator's limit is the kernel's (net.core.wmem_max). */
    private static final int SEND_BUFFER = 1024 * 1024;

    private final Channel channel;
    private final IncomingLines lines;
    private boolean ended;

    InputEnd(Channel channel, IncomingLines lines) {
        this.channel = channel;
        this.lines = lines;
    }

    /** Whether the connection outlives the client's FIN from now on. A handshake does not. */
    static void mayComeBefore(Channel channel, boolean answers) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, answers);
    }

    /**
     * FIN came. Netty's epoll transport (4.2.18) takes a socket without interest in reading out of epoll, and then cannot wait for it to
     * become writable: the kernel takes the replies that the client has not read, as far as it may.
     */
    void came() {
        ended = true;
        channel.config().setOption(ChannelOption.SO_SNDBUF, SEND_BUFFER);
    }

    /** Whether FIN has come: a socket must not be asked for more then. */
    boolean hasCome() {
        return ended;
    }

    /** Whether FIN has come, and all lines before it are cut. */
    boolean isReached() {
        return ended && !lines.isHeld();
    }

    /** Whether the client came and went without a command. */
    boolean isAll() {
        return ended && lines.isEmpty();
    }

    /** Whether there was a record of TLS left to look at: close_notify, or the rest of a command. */
    boolean looksFurther() {
        return LastRecord.release(channel.pipeline());
    }
}
