package flotilla.cluster.leaving;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds the conditions that have held for long enough to act on them. Time without the condition is subtracted from the
 * time with it. So a link that fails now and then does not count as broken, but a link that is broken most of the time
 * does. Time in which this process did not run does not count, since the process saw nothing in it.
 *
 * @param <N> the things that a condition holds of, such as members
 */
public final class Lasting<N> {
    private final long enough;
    private final long gap;
    private final Map<N, Long> lasted = new HashMap<>();
    private long last;

    /**
     * Begins without any condition.
     *
     * @param now the present, in nanoseconds of a clock
     * @param enough time after which a condition has lasted, in nanoseconds
     * @param gap time between two looks after which this process must have stood still, in nanoseconds; then everything
     *     is forgotten
     */
    public Lasting(long now, long enough, long gap) {
        this.last = now;
        this.enough = enough;
        this.gap = gap;
    }

    /**
     * Looks again. One thread calls this.
     *
     * @param now the present, in nanoseconds of the same clock
     * @param so the things that the condition holds of now
     * @return those of {@code so} for which it has lasted
     */
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
