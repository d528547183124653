package flotilla.cluster.hazelcast.shared;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;

/**
 * The order in which a node tries the passive ports. A client whose transfer was refused or aborted may still connect
 * to its port a little later. If that port were leased again soon, the late connection would be mistaken for the next
 * transfer's. So the half of the ports that was given back last comes last. A random start within the other half keeps
 * the next port unpredictable.
 */
final class PortOrder {
    private static final int INDEX_BITS = 16;
    private static final int INDEX = (1 << INDEX_BITS) - 1;

    private final int[] ports;
    private final AtomicLongArray givenBack;
    private final AtomicLong count = new AtomicLong();

    PortOrder(int[] ports) {
        this.ports = ports;
        this.givenBack = new AtomicLongArray(ports.length);
    }

    void givenBack(int port) {
        for (int i = 0; i < ports.length; i++) {
            if (ports[i] == port) {
                givenBack.set(i, count.incrementAndGet());
            }
        }
    }

    /** All ports, in the order in which the next lease tries them. */
    int[] next(RandomGenerator random) {
        long[] oldestFirst = new long[ports.length];
        for (int i = 0; i < ports.length; i++) {
            oldestFirst[i] = givenBack.get(i) << INDEX_BITS | i;
        }
        Arrays.sort(oldestFirst);
        int old = ports.length - ports.length / 2;
        int start = random.nextInt(old);
        int[] order = new int[ports.length];
        for (int i = 0; i < order.length; i++) {
            int from = i < old ? (start + i) % old : i;
            order[i] = ports[(int) oldestFirst[from] & INDEX];
        }
        return order;
    }
}
