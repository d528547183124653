package flotilla.node.control;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The datagram socket at which a service manager takes the state of this process: sd_notify(3) of systemd. Java has no
 * datagram sockets of the Unix domain; Netty's epoll library has.
 */
public final class NotifySocket implements AutoCloseable {
    private final Channel channel;
    private final DomainSocketAddress manager;

    private NotifySocket(Channel channel, DomainSocketAddress manager) {
        this.channel = channel;
        this.manager = manager;
    }

    /**
     * Opens a socket.
     *
     * @param path value of the environment variable {@code NOTIFY_SOCKET}: an absolute path, or an abstract name that
     *     begins with {@code @}
     * @return empty where this system has no epoll
     */
    public static Optional<NotifySocket> open(EventLoops loops, String path) {
        if (!loops.isEpoll()) {
            return Optional.empty();
        }
        Channel channel = new Bootstrap()
                .group(loops.group())
                .channel(EpollDomainDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .bind(new DomainSocketAddress("")) // the manager never answers
                .syncUninterruptibly()
                .channel();
        String name = path.startsWith("@") ? "\0" + path.substring(1) : path;
        return Optional.of(new NotifySocket(channel, new DomainSocketAddress(name)));
    }

    /**
     * Sends a state.
     *
     * @param state lines such as {@code READY=1}
     * @return completes when the manager has it, or fails with the reason why not
     */
    public CompletionStage<Void> send(String state) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        channel.writeAndFlush(new DomainDatagramPacket(Unpooled.copiedBuffer(state, StandardCharsets.UTF_8), manager))
                .addListener(done -> {
                    if (done.isSuccess()) {
                        sent.complete(null);
                    } else {
                        sent.completeExceptionally(done.cause());
                    }
                });
        return sent;
    }

    @Override
    public void close() {
        channel.close();
    }
}
