package flotilla.node.control;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import flotilla.node.control.ControlSettings.ProxySettings;
import flotilla.node.control.ControlSettings.ProxySettings.Mode;
import flotilla.node.fixture.MemoryCluster;
import flotilla.node.fixture.NoTls;
import flotilla.node.protocol.Reply;
import flotilla.node.state.Link;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The timers of a control connection's socket, with the clock in hand. */
class ControlSocketTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(30);

    private final ActorSystem<SpawnProtocol.Command> system = ActorSystem.create(
            SpawnProtocol.create(),
            "socket",
            ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF }")
                    .withFallback(ConfigFactory.load()));
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final EventLoops loops = EventLoops.start();
    private final ControlListener listener = new ControlListener(
            new ControlSettings(
                    List.of(),
                    0,
                    0,
                    0,
                    0,
                    LONG,
                    LONG,
                    LONG,
                    WRITE_TIMEOUT,
                    LONG,
                    128,
                    256,
                    8,
                    5,
                    16,
                    new ProxySettings(Mode.OFF, List.of(), LONG)),
            new ControlListener.Collaborators(
                    loops,
                    new NoTls(),
                    new MemoryCluster(system),
                    (id, message) -> {},
                    (link, order, told) -> {},
                    event -> {},
                    () -> "0-1"),
            scheduler);

    @AfterEach
    void close() {
        listener.close();
        scheduler.shutdownNow();
        ActorTestKit.shutdown(system);
        loops.close();
    }

    /** A client whose window is closed: nothing that is written is ever done. */
    private static final class NobodyReads extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
        }
    }

    private static void pass(EmbeddedChannel channel, ControlSocket socket, long nanoTime) {
        socket.checkTimeouts(nanoTime);
        channel.runPendingTasks();
    }

    @Test
    void aClientThatDoesNotReadItsLastReplyIsCutOffByTheWriteTimeout() {
        EmbeddedChannel channel = new EmbeddedChannel(new NobodyReads());
        InetAddress address = InetAddress.getLoopbackAddress();
        Link link = new Link("0-1", address, 1, address, 2, false, "node", Instant.now(), new UUID(0, 1));
        ControlSocket socket = new ControlSocket(listener, link, channel);
        channel.pipeline().addLast(socket);
        socket.closeWith(Reply.of(221, "Goodbye."), "client quit");
        channel.runPendingTasks();
        long now = System.nanoTime();
        pass(channel, socket, now);
        pass(channel, socket, now + WRITE_TIMEOUT.toNanos());
        assertTrue(channel.isOpen());
        pass(channel, socket, now + WRITE_TIMEOUT.toNanos() + 1);
        assertFalse(channel.isOpen());
    }
}
