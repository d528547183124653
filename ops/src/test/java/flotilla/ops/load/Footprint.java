package flotilla.ops.load;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a server holds at one moment.
 *
 * @param status connections, transfers, digests, leases, locks, sessions, as {@code flotilla status} tells them
 * @param threads without those of pools that end their threads only after half a minute of idleness
 * @param descriptors open files and sockets
 * @param objects how many of the objects that stand for one client are reachable, by class
 * @param heapBytes reachable
 */
record Footprint(
        Map<String, Integer> status, int threads, int descriptors, Map<String, Integer> objects, long heapBytes) {
    /** Pools of the JVM and of Pekko add threads as they please, within bounds of their own. */
    private static final int THREAD_TOLERANCE = 8;

    /** Connections of the control door, and files of the logs and the database. */
    private static final int DESCRIPTOR_TOLERANCE = 6;

    /** Caches that are bounded, and code that was not loaded before. */
    private static final long HEAP_TOLERANCE = 8 << 20;

    /** What the server has of clients, among the counters of what it refused. */
    private static final Set<String> HELD =
            Set.of("connections", "transfers", "digests", "leases", "locks", "sessions");

    Footprint {
        status = new TreeMap<>(status);
        status.keySet().retainAll(HELD);
        objects = new TreeMap<>(objects);
    }

    /** Whether nothing is left of what happened since {@code before}. */
    boolean isBackAt(Footprint before) {
        return isOutwardlyBackAt(before)
                && objects.equals(before.objects)
                && heapBytes <= before.heapBytes + HEAP_TOLERANCE;
    }

    /** As {@link #isBackAt}, without what only a collection of garbage can tell. */
    boolean isOutwardlyBackAt(Footprint before) {
        return status.equals(before.status)
                && threads <= before.threads + THREAD_TOLERANCE
                && descriptors <= before.descriptors + DESCRIPTOR_TOLERANCE;
    }
}
