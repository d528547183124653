package flotilla.cluster.leaving;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What has been so for long enough to act on it. Time that speaks against something is taken off the time that spoke for it: a link that
 * comes and goes is no lasting one, and one that is broken most of the time is. Time in which this process did not run counts for nothing,
 * for it knows nothing of it.
 */
public final class Lasting<N> {
    private final long enough;
    private final long gap;
    private final Map<N, Long> lasted = new HashMap<>();
    private long last;

    /**
     * @param now a clock's nanoseconds
     * @param enough nanoseconds after which something lasts
     * @param gap nanoseconds between two looks after which this process must have stood still, and all it saw is forgotten
     */
    public Lasting(long now, long enough, long gap) {
        this.last = now;
        this.enough = enough;
        this.gap = gap;
    }

    /** Looks again: these are so {@code now}. Those of them that have been so for long enough; called by one thread. */
    public Set<N> look(long now, Collection<N> so) {
        long elapsed = now - last;
        last = now;
        if (elapsed > gap) {
            lasted.clear();
        }
        lasted.replaceAll((one, time) -> so.contains(one) ? time + elapsed : time - elapsed);
        lasted.values().removeIf(time -> time < 0);
        Set<N> lasting = new HashSet<>();
        for (N one : so) {
            if (lasted.computeIfAbsent(one, first -> 0L) >= enough) {
                lasting.add(one);
            }
        }
        return lasting;
    }
}
