package flotilla.cluster.hazelcast.shared;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;

/**
 * The order in which passive ports are tried. A client whose transfer was refused or aborted may have connected to its port, unseen yet: leased
 * again soon, that connection would be taken for the next transfer's. So the half of the ports that this node was given back last comes last;
 * where the other half begins is random, so that nobody can guess the next port.
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

    /** All ports. */
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
