package flotilla.node.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import flotilla.node.event.NodeEvent;
import flotilla.node.fixture.MemoryCluster;
import flotilla.node.protocol.Proxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sockets without a lease of their address that may still belong to a client. */
class ForeignSocketsTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final LinkedBlockingQueue<NodeEvent> events = new LinkedBlockingQueue<>();
    private int port;
    private PassiveListeners listeners;

    @BeforeEach
    void open() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, HERE)) {
            port = free.getLocalPort();
        }
        DataSettings settings = new DataSettings(
                List.of(HERE),
                List.of(port),
                1,
                LONG,
                1,
                1,
                1024,
                LONG,
                LONG,
                LONG,
                LONG,
                false,
                0,
                new Proxy(Proxy.Mode.OFF, List.of(), LONG),
                Rates.UNLIMITED,
                200);
        listeners = PassiveListeners.open(
                settings,
                new MemoryCluster(null).passivePool(),
                new DataConnections(null, null, (id, message) -> {}),
                events::add,
                scheduler,
                Runnable::run,
                () -> {});
    }

    @AfterEach
    void close() {
        listeners.close();
        scheduler.shutdownNow();
    }

    private NodeEvent event() throws InterruptedException {
        return events.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void aBalancerThatLooksWhetherThePortIsOpenIsNoStray() throws Exception {
        new Socket(HERE, port).close();
        assertEquals(new NodeEvent.Probed(HERE.getHostAddress(), true), event());
    }

    @Test
    void whoeverSaysAnythingElseThanAClientIsOne() throws Exception {
        try (Socket stranger = new Socket(HERE, port)) {
            stranger.getOutputStream().write('G');
            assertInstanceOf(NodeEvent.StrayDataConnection.class, event());
            assertEquals(-1, stranger.getInputStream().read());
        }
    }
}
