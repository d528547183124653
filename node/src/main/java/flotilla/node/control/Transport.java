package flotilla.node.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;

/** Configures the sockets of control connections. */
final class Transport {
    private static final int SOL_SOCKET = 1;
    private static final int SO_OOBINLINE = 10;
    private static final int BACKLOG_WATERMARK = 64 * 1024;

    /**
     * Keeps urgent bytes in the stream: without this option the kernel takes the urgent byte of ABOR out, and its line
     * never ends (RFC 959, section 4.1.3).
     */
    private static final ChannelOption<Integer> OOB_INLINE =
            new IntegerUnixChannelOption("SO_OOBINLINE", SOL_SOCKET, SO_OOBINLINE);

    private Transport() {}

    static ServerBootstrap bootstrap(EventLoops loops, int backlog) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.isEpoll() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, backlog)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new io.netty.channel.WriteBufferWaterMark(BACKLOG_WATERMARK / 2, BACKLOG_WATERMARK));
        return loops.isEpoll() ? bootstrap.childOption(OOB_INLINE, 1) : bootstrap;
    }
}
