package flotilla.node.event;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Allows one line of the log a minute for each subject, where clients could cause any number. Safe for many threads.
 */
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

    /** The time of the last line, and the number of lines left out since. */
    private record Told(long at, long leftOut) {}

    /**
     * Decides if a line about {@code subject} may be written now.
     *
     * @param subject an address or a name; the oldest subjects are forgotten when there are too many
     * @param now the time, as {@link System#nanoTime} gives it
     * @return the number of lines left out before this one; empty when this one must be left out, too
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
