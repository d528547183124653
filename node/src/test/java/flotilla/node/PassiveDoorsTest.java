package flotilla.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.NodeSettings.StorageSettings;
import flotilla.node.data.DataConnections;
import flotilla.node.data.DataSettings;
import flotilla.node.data.Rates;
import flotilla.node.fixture.MemoryCluster;
import flotilla.node.protocol.Proxy;
import flotilla.node.scan.ScanSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PassiveDoorsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private int first;
    private int second;
    private final Semaphore posted = new Semaphore(0);
    private NodeThreads threads;
    private PassiveDoors doors;

    @BeforeEach
    void openDoors() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, HERE);
                ServerSocket other = new ServerSocket(0, 1, HERE)) {
            first = one.getLocalPort();
            second = other.getLocalPort();
        }
        DataSettings settings = new DataSettings(
                List.of(HERE),
                List.of(first, second),
                1,
                LONG,
                0,
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
        threads = new NodeThreads(
                new NodeSettings(
                        new StorageSettings(null, "", List.of(), 1, LONG, 1, 1),
                        null,
                        settings,
                        null,
                        null,
                        null,
                        null,
                        1,
                        null,
                        null,
                        null,
                        null,
                        null,
                        ScanSettings.OFF,
                        new NodeSettings.ViewSettings(10, LONG, LONG)),
                event -> {});
        doors = new PassiveDoors(
                settings,
                new MemoryCluster(null),
                new DataConnections(null, null, (id, message) -> {}),
                event -> {},
                threads,
                posted::release);
        doors.open();
    }

    @AfterEach
    void close() {
        doors.close();
        threads.close();
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(HERE, port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void doorsThatAreClosedOpenAgain() {
        doors.close();
        assertFalse(isOpen(first) || isOpen(second));
        doors.reopen();
        assertTrue(isOpen(first) && isOpen(second));
    }

    @Test
    void openDoorsStayAsTheyAre() {
        doors.reopen();
        assertTrue(isOpen(first) && isOpen(second));
    }

    @Test
    void aPortThatIsTakenIsLeftOutAndOpensLater() throws Exception {
        doors.close();
        try (ServerSocket other = new ServerSocket(second, 1, HERE)) {
            doors.reopen();
            assertTrue(isOpen(first));
            assertEquals(Set.of(other.getLocalPort()), doors.closedPorts());
        }
        assertTrue(posted.tryAcquire(30, TimeUnit.SECONDS), "the others are told when it is open");
        assertEquals(Set.of(), doors.closedPorts());
        assertTrue(isOpen(first) && isOpen(second));
    }

    @Test
    void withoutAnyPortNoneOpens() throws IOException {
        doors.close();
        try (ServerSocket one = new ServerSocket(first, 1, HERE);
                ServerSocket two = new ServerSocket(second, 1, HERE)) {
            Exception why = assertThrows(UncheckedIOException.class, doors::reopen);
            String expected = "cannot listen on " + HERE.getHostAddress() + ":" + two.getLocalPort() + ": ";
            assertEquals(expected, why.getMessage().substring(0, expected.length()));
            assertEquals(first, one.getLocalPort());
        }
    }
}
