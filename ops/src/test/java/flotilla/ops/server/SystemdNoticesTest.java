package flotilla.ops.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.control.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@EnabledOnOs(OS.LINUX)
class SystemdNoticesTest {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final EventLoopGroup systemd = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final AtomicReference<List<String>> reasons = new AtomicReference<>(List.of());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private EventLoops loops;

    @BeforeEach
    void start() {
        loops = EventLoops.start();
    }

    @AfterEach
    void stop() {
        loops.close();
        systemd.shutdownGracefully();
    }

    /** Binds the socket of a service manager. */
    private void listen(String name) {
        new Bootstrap()
                .group(systemd)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
                        heard.addAll(List.of(packet.content()
                                .toString(StandardCharsets.UTF_8)
                                .split("\n")));
                    }
                })
                .bind(new DomainSocketAddress(name.startsWith("@") ? "\0" + name.substring(1) : name))
                .syncUninterruptibly();
    }

    private SystemdNotices open(String name) {
        return SystemdNotices.open(Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "60000"), loops);
    }

    /** Waits for a line. Every line before it is one of those that may come. */
    private void await(String line, String... between) throws InterruptedException {
        for (String next = heard.take(); !next.equals(line); next = heard.take()) {
            assertTrue(List.of(between).contains(next), next);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "@abstract"})
    @DisplayName("systemd hears when a server is ready, why it no longer is, that it lives, and that it stops")
    void life(String kind) throws Exception {
        String name = kind.startsWith("@")
                ? "@flotilla-test-" + ProcessHandle.current().pid()
                : directory.resolve(kind).toString();
        listen(name);
        try (SystemdNotices manager = open(name)) {
            manager.ready(reasons::get);
            assertEquals("READY=1", heard.take());
            await("WATCHDOG=1", "STATUS=ready");
            await("WATCHDOG=1", "STATUS=ready");
            reasons.set(List.of("the database does not answer", "line\nbreak"));
            await("STATUS=not ready: the database does not answer; line break", "WATCHDOG=1");
            manager.stopping();
            await("STOPPING=1", "WATCHDOG=1");
        }
    }

    @Test
    @DisplayName("a server of which one event loop hangs gives no sign of life")
    void hangs() throws Exception {
        String name = directory.resolve("notify").toString();
        listen(name);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        try (SystemdNotices manager = open(name)) {
            loops.current().execute(() -> {
                hanging.countDown();
                await(held);
            });
            hanging.await();
            CountDownLatch beats = new CountDownLatch(5);
            manager.ready(() -> {
                beats.countDown();
                return List.of();
            });
            beats.await();
            assertTrue(heard.stream().noneMatch(line -> line.startsWith("WATCHDOG")), heard.toString());
            held.countDown();
            await("WATCHDOG=1", "READY=1", "STATUS=ready");
        } finally {
            held.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
