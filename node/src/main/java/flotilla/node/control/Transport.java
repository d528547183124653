package flotilla.node.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.util.concurrent.TimeUnit;

/** Netty's event loops: epoll where its library loads, else NIO. */
final class Transport implements AutoCloseable {
    private static final int SOL_SOCKET = 1;
    private static final int SO_OOBINLINE = 10;
    private static final int BACKLOG_WATERMARK = 64 * 1024;

    /** Without it the kernel takes the urgent byte of ABOR out of the stream, and the line never ends (RFC 959, section 4.1.3). */
    private static final ChannelOption<Integer> OOB_INLINE =
            new IntegerUnixChannelOption("SO_OOBINLINE", SOL_SOCKET, SO_OOBINLINE);

    private final EventLoopGroup loops;
    private final Class<? extends ServerChannel> channel;
    private final boolean epoll;

    private Transport(EventLoopGroup loops, Class<? extends ServerChannel> channel, boolean epoll) {
        this.loops = loops;
        this.channel = channel;
        this.epoll = epoll;
    }

    static Transport create() {
        return Epoll.isAvailable()
                ? new Transport(
                        new MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory()),
                        EpollServerSocketChannel.class,
                        true)
                : new Transport(
                        new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory()),
                        NioServerSocketChannel.class,
                        false);
    }

    ServerBootstrap bootstrap(int backlog) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(channel)
                .option(ChannelOption.SO_BACKLOG, backlog)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new io.netty.channel.WriteBufferWaterMark(BACKLOG_WATERMARK / 2, BACKLOG_WATERMARK));
        return epoll ? bootstrap.childOption(OOB_INLINE, 1) : bootstrap;
    }

    @Override
    public void close() {
        loops.shutdownGracefully(100, 2000, TimeUnit.MILLISECONDS).awaitUninterruptibly(3000);
    }
}
