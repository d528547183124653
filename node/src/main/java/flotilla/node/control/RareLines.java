package flotilla.node.control;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Lets through one line of the log a minute and address, for what a stranger can bring about at will. Safe for many threads. */
final class RareLines {
    private static final long EVERY = Duration.ofMinutes(1).toNanos();
    private static final int MAX_ADDRESSES = 1024;

    private final Map<InetAddress, Told> told = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Told> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /** When the last line was let through, and how many were not since then. */
    private record Told(long at, long leftOut) {}

    /**
     * Whether a line about {@code address} may be written now.
     *
     * @param now from {@link System#nanoTime}
     * @return how many lines were left out before this one; empty when this one is, too
     */
    synchronized OptionalLong next(InetAddress address, long now) {
        Told last = told.get(address);
        if (last != null && now - last.at() < EVERY) {
            told.put(address, new Told(last.at(), last.leftOut() + 1));
            return OptionalLong.empty();
        }
        told.put(address, new Told(now, 0));
        return OptionalLong.of(last == null ? 0 : last.leftOut());
    }
}
