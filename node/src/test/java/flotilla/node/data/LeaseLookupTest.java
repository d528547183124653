package flotilla.node.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.PassivePool;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.Stray;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A limited number of data sockets wait for their leases while the shared state does not answer. */
class LeaseLookupTest {
    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();
    private static final int PORT = 50_000;
    private static final int MOST = 2;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final List<NodeEvent> events = new ArrayList<>();
    private final List<CompletableFuture<Optional<String>>> asked = new ArrayList<>();
    private final List<SocketChannel> clients = new ArrayList<>();
    private final PassivePool pool = (PassivePool) Proxy.newProxyInstance(
            LeaseLookupTest.class.getClassLoader(), new Class<?>[] {PassivePool.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("leasedAmong")) {
                    return Set.of();
                }
                CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
                asked.add(answer);
                return answer;
            });
    private LeaseLookup lookup = lookup(Duration.ZERO);
    private ServerSocketChannel listener;

    private LeaseLookup lookup(Duration secondWait) {
        return lookup(secondWait, arrival -> false);
    }

    private LeaseLookup lookup(Duration secondWait, Predicate<Arrival> foreign) {
        return new LeaseLookup(
                pool,
                new DataConnections(null, null, (id, message) -> {}),
                events::add,
                new Strays(pool, events::add, Runnable::run, scheduler),
                MOST,
                secondWait,
                scheduler,
                foreign);
    }

    @BeforeEach
    void listen() throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(CLIENT, 0));
    }

    @AfterEach
    void close() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
        listener.close();
        scheduler.shutdownNow();
    }

    /** Makes a socket and starts the lookup of its lease. */
    private SocketChannel arrive() throws IOException {
        clients.add(SocketChannel.open(listener.getLocalAddress()));
        SocketChannel socket = listener.accept();
        lookup.match(new Arrival(socket, CLIENT, PORT, ByteBuffer.allocate(0)));
        return socket;
    }

    private long count(Stray why) {
        return events.stream()
                .filter(event -> event instanceof NodeEvent.StrayDataConnection stray && stray.why() == why)
                .count();
    }

    @Test
    void moreThanMayWaitAreClosedAndCounted() throws IOException {
        List<SocketChannel> waiting = List.of(arrive(), arrive());
        assertFalse(arrive().isOpen());
        assertEquals(1, count(Stray.NO_CAPACITY));
        assertTrue(waiting.stream().allMatch(SocketChannel::isOpen));
        assertEquals(MOST, asked.size());
    }

    /** The second socket must not learn before the first one that there is no lease. */
    @Test
    void whoComesSecondIsLookedUpAfterTheFirstAndWaits() throws IOException {
        lookup = lookup(LONG);
        arrive();
        SocketChannel second = arrive();
        assertEquals(1, asked.size());
        asked.get(0).complete(Optional.of("0-session"));
        assertEquals(2, asked.size());
        asked.get(1).complete(Optional.empty());
        assertTrue(second.isOpen());
        assertTrue(events.isEmpty());
    }

    /** The lease at which it waited may have been that of another client with the same address. */
    @Test
    void whoHasWaitedInVainMayStillBeOfAForeignAddress() throws Exception {
        CompletableFuture<SocketChannel> taken = new CompletableFuture<>();
        lookup = lookup(Duration.ofMillis(1), arrival -> taken.complete(arrival.socket()));
        arrive();
        SocketChannel second = arrive();
        asked.get(0).complete(Optional.of("0-session"));
        asked.get(1).complete(Optional.empty());
        assertSame(second, taken.get(30, TimeUnit.SECONDS));
        assertTrue(second.isOpen());
    }

    @Test
    void whoIsAnsweredMakesRoom() throws IOException {
        SocketChannel first = arrive();
        SocketChannel second = arrive();
        asked.get(0).complete(Optional.empty());
        asked.get(1).completeExceptionally(new IllegalStateException("no cluster"));
        assertFalse(first.isOpen() || second.isOpen());
        assertEquals(1, count(Stray.NO_LEASE));
        assertEquals(1, count(Stray.LOOKUP_FAILED));
        assertTrue(arrive().isOpen() && arrive().isOpen());
        assertEquals(0, count(Stray.NO_CAPACITY));
    }
}
