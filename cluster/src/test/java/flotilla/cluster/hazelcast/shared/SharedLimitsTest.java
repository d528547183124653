package flotilla.cluster.hazelcast.shared;

import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.Limits;
import flotilla.cluster.hazelcast.OneNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneNode.class)
class SharedLimitsTest {
    private final ClusterNode node;
    private final Limits limits;

    SharedLimitsTest(ClusterNode node) {
        this.node = node;
        limits = node.limits();
    }

    @Test
    void aSlotIsRefusedWhenAllAreTaken() {
        Limits.Key key = Limits.Key.user("l-1");
        assertTrue(get(limits.acquire(key, node.holder("a"), 2)));
        assertTrue(get(limits.acquire(key, node.holder("b"), 2)));
        assertFalse(get(limits.acquire(key, node.holder("c"), 2)));
        assertEquals(2, get(limits.held(key)));
        get(limits.release(key, "a"));
        assertTrue(get(limits.acquire(key, node.holder("c"), 2)));
    }

    @Test
    void acquiringAgainAndReleasingAgainChangeNothing() {
        Limits.Key key = Limits.Key.user("l-2");
        assertTrue(get(limits.acquire(key, node.holder("a"), 1)));
        assertTrue(get(limits.acquire(key, node.holder("a"), 1)));
        assertEquals(1, get(limits.held(key)));
        get(limits.release(key, "a"));
        get(limits.release(key, "a"));
        assertEquals(0, get(limits.held(key)));
    }

    @Test
    void noLimitStillCounts() {
        Limits.Key key = Limits.Key.user("l-3");
        IntStream.range(0, 50).forEach(i -> assertTrue(get(limits.acquire(key, node.holder("h" + i), 0))));
        assertEquals(50, get(limits.held(key)));
    }

    @Test
    void kindsAreApart() {
        assertTrue(get(limits.acquire(Limits.Key.user("192.0.2.1"), node.holder("a"), 1)));
        assertTrue(get(limits.acquire(new Limits.Key(Limits.Key.Kind.ADDRESS, "192.0.2.1"), node.holder("b"), 1)));
    }

    @Test
    void exactlySoManyOfManyAtOnceGetASlot() {
        Limits.Key key = Limits.Key.user("l-4");
        List<CompletableFuture<Boolean>> all = IntStream.range(0, 500)
                .mapToObj(i -> limits.acquire(key, node.holder("h" + i), 37).toCompletableFuture())
                .toList();
        assertEquals(37, all.stream().filter(CompletableFuture::join).count());
        assertEquals(37, get(limits.held(key)));
    }
}
