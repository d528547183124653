package flotilla.node.event;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Lets through one line of the log a minute for each subject, for what others can bring about at will. Safe for many threads. */
public final class RareLines {
    private static final long EVERY = Duration.ofMinutes(1).toNanos();
    private static final int MAX_SUBJECTS = 1024;

    private final Map<Object, Told> told = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Told> eldest) {
            return size() > MAX_SUBJECTS;
        }
    };

    /** When the last line was let through, and how many were not since then. */
    private record Told(long at, long leftOut) {}

    /**
     * Whether a line about {@code subject} may be written now.
     *
     * @param subject an address or a name; the oldest of too many are forgotten
     * @param now from {@link System#nanoTime}
     * @return how many lines were left out before this one; empty when this one is, too
     */
    public synchronized OptionalLong next(Object subject, long now) {
        Told last = told.get(subject);
        if (last != null && now - last.at() < EVERY) {
            told.put(subject, new Told(last.at(), last.leftOut() + 1));
            return OptionalLong.empty();
        }
        told.put(subject, new Told(now, 0));
        return OptionalLong.of(last == null ? 0 : last.leftOut());
    }
}
