package flotilla.cluster.hazelcast.shared;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortOrderTest {
    private static final int[] PORTS = IntStream.range(40_000, 40_010).toArray();

    private final PortOrder order = new PortOrder(PORTS);
    private final Random random = new Random(1);

    @Test
    void everyPortIsTriedAndAnyMayBeTheFirst() {
        Set<Integer> first = new HashSet<>();
        for (int round = 0; round < 1000; round++) {
            int[] next = order.next(random);
            first.add(next[0]);
            order.givenBack(next[0]);
            assertArrayEquals(PORTS, IntStream.of(next).sorted().toArray());
        }
        assertEquals(PORTS.length, first.size());
    }

    @Test
    void theHalfThatWasGivenBackLastComesLastTheOldestOfItFirst() {
        for (int port : new int[] {40_003, 40_001, 40_009, 40_000, 40_004}) {
            order.givenBack(port);
        }
        Set<Integer> first = new HashSet<>();
        for (int round = 0; round < 200; round++) {
            int[] next = order.next(random);
            first.add(next[0]);
            assertArrayEquals(
                    new int[] {40_003, 40_001, 40_009, 40_000, 40_004},
                    IntStream.of(next).skip(5).toArray());
        }
        assertEquals(Set.of(40_002, 40_005, 40_006, 40_007, 40_008), first);
    }

    @Test
    void onePortIsAllThereIs() {
        PortOrder one = new PortOrder(new int[] {40_000});
        one.givenBack(40_000);
        assertTrue(one.next(random)[0] == 40_000);
    }
}
