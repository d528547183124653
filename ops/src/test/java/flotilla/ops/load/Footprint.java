package flotilla.ops.load;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The resources of a server at one moment.
 *
 * @param status connections, transfers, digests, leases, locks and sessions, from {@code flotilla status}
 * @param threads without those of pools that end their threads only after half a minute of idleness
 * @param descriptors open files and sockets
 * @param objects number of reachable objects of clients, by class
 * @param heapBytes reachable bytes
 */
record Footprint(
        Map<String, Integer> status, int threads, int descriptors, Map<String, Integer> objects, long heapBytes) {
    /** Pools of the JVM and of Pekko add threads within bounds of their own. */
    private static final int THREAD_TOLERANCE = 8;

    /** Connections of the listener for commands, and files of the logs and the database. */
    private static final int DESCRIPTOR_TOLERANCE = 6;

    /** Caches with a limit, and code that was not loaded before. */
    private static final long HEAP_TOLERANCE = 8 << 20;

    /** Fields of the status that count clients; the others count refusals. */
    private static final Set<String> HELD =
            Set.of("connections", "transfers", "digests", "leases", "locks", "sessions");

    Footprint {
        status = new TreeMap<>(status);
        status.keySet().retainAll(HELD);
        objects = new TreeMap<>(objects);
    }

    /** Returns whether nothing is left of the load since {@code before}. */
    boolean isBackAt(Footprint before) {
        return isOutwardlyBackAt(before)
                && objects.equals(before.objects)
                && heapBytes <= before.heapBytes + HEAP_TOLERANCE;
    }

    /** Compares as {@link #isBackAt} does, but only values that need no collection of garbage. */
    boolean isOutwardlyBackAt(Footprint before) {
        return status.equals(before.status)
                && threads <= before.threads + THREAD_TOLERANCE
                && descriptors <= before.descriptors + DESCRIPTOR_TOLERANCE;
    }
}
