package flotilla.cluster.hazelcast.shared;

import static flotilla.cluster.hazelcast.TestNodes.PORTS;
import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.PassivePool;
import flotilla.cluster.hazelcast.OneNode;
import flotilla.cluster.hazelcast.member.Completions;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneNode.class)
class SharedPassivePoolTest {
    private final ClusterNode node;
    private final PassivePool pool;

    SharedPassivePoolTest(ClusterNode node) {
        this.node = node;
        pool = node.passivePool();
    }

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    @Test
    void aLeaseIsTakenOnceAndByItsAddressOnly() throws UnknownHostException {
        InetAddress client = address("203.0.113.1");
        int port = get(pool.lease(node.holder("s1"), client)).orElseThrow();
        assertTrue(PORTS.contains(port));
        assertEquals(Optional.empty(), get(pool.take(port, address("203.0.113.2"))));
        assertEquals(Optional.of("s1"), get(pool.take(port, client)));
        assertEquals(Optional.empty(), get(pool.take(port, client)));
    }

    @Test
    void anAddressGetsEachPortOnceAndOthersAreNotConcerned() throws UnknownHostException {
        InetAddress client = address("203.0.113.3");
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < PORTS.size(); i++) {
            ports.add(get(pool.lease(node.holder("s" + i), client)).orElseThrow());
        }
        assertEquals(new HashSet<>(PORTS), ports);
        assertEquals(OptionalInt.empty(), get(pool.lease(node.holder("more"), client)));
        assertTrue(get(pool.lease(node.holder("other"), address("203.0.113.4"))).isPresent());
        ports.forEach(port -> get(pool.take(port, client)));
    }

    @Test
    void onlyItsOwnSessionGivesALeaseBack() throws UnknownHostException {
        InetAddress client = address("2001:db8::5");
        int port = get(pool.lease(node.holder("mine"), client)).orElseThrow();
        get(pool.release("other", port, client));
        assertEquals(Optional.of("mine"), get(pool.take(port, client)));
        int again = get(pool.lease(node.holder("mine"), client)).orElseThrow();
        get(pool.release("mine", again, client));
        assertEquals(Optional.empty(), get(pool.take(again, client)));
    }

    @Test
    void aSessionGivesAllItsLeasesBackAndNobodyElses() throws UnknownHostException {
        InetAddress client = address("203.0.113.9");
        int first = get(pool.lease(node.holder("mine"), client)).orElseThrow();
        int second = get(pool.lease(node.holder("mine"), client)).orElseThrow();
        int other = get(pool.lease(node.holder("other"), client)).orElseThrow();
        get(pool.releaseAll("mine", client));
        assertEquals(Optional.empty(), get(pool.take(first, client)));
        assertEquals(Optional.empty(), get(pool.take(second, client)));
        assertEquals(Optional.of("other"), get(pool.take(other, client)));
    }

    @Test
    void aPortThatWasGivenBackIsNotTheNextOne() throws UnknownHostException {
        InetAddress client = address("203.0.113.8");
        int last = get(pool.lease(node.holder("s"), client)).orElseThrow();
        for (int i = 0; i < 200; i++) {
            get(pool.release("s", last, client));
            int next = get(pool.lease(node.holder("s"), client)).orElseThrow();
            assertNotEquals(last, next);
            last = next;
        }
        get(pool.release("s", last, client));
    }

    @Test
    void ofManyWhoTakeOneGetsIt() throws UnknownHostException {
        InetAddress client = address("203.0.113.6");
        for (int round = 0; round < 20; round++) {
            int port = get(pool.lease(node.holder("s"), client)).orElseThrow();
            List<CompletableFuture<Optional<String>>> takers = IntStream.range(0, 16)
                    .mapToObj(i -> pool.take(port, client).toCompletableFuture())
                    .toList();
            assertEquals(
                    1,
                    takers.stream()
                            .map(CompletableFuture::join)
                            .filter(Optional::isPresent)
                            .count());
        }
    }

    /** On few cores Hazelcast by itself starts three threads for each operation; see {@link Completions}. */
    @Test
    void operationsStartNoThreads() throws UnknownHostException {
        InetAddress client = address("203.0.113.8");
        long before = ManagementFactory.getThreadMXBean().getTotalStartedThreadCount();
        for (int i = 0; i < 500; i++) {
            get(pool.take(get(pool.lease(node.holder("s"), client)).orElseThrow(), client));
        }
        long started = ManagementFactory.getThreadMXBean().getTotalStartedThreadCount() - before;
        assertTrue(started < 50, started + " threads started");
    }

    @Test
    void leasesAreCounted() throws UnknownHostException {
        InetAddress client = address("203.0.113.7");
        int before = pool.leased();
        int port = get(pool.lease(node.holder("s"), client)).orElseThrow();
        assertEquals(before + 1, pool.leased());
        get(pool.take(port, client));
        assertEquals(before, pool.leased());
    }
}
