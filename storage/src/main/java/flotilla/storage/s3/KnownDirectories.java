package flotilla.storage.s3;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The directories that were found lately, so that an upload does not look for its directory each time. Another node may
 * remove one meanwhile; an upload to it then makes it anew. Many threads use it at once.
 */
final class KnownDirectories {
    private static final long NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int MOST = 4096;

    private final LongSupplier clock;
    private final Map<String, Long> found = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };

    /**
     * Knows no directory.
     *
     * @param clock nanoseconds, as of {@link System#nanoTime}
     */
    KnownDirectories(LongSupplier clock) {
        this.clock = clock;
    }

    /** Takes a directory, by the key of its marker, that exists now. */
    synchronized void add(String key) {
        found.put(key, clock.getAsLong());
    }

    synchronized boolean has(String key) {
        Long since = found.get(key);
        return since != null && clock.getAsLong() - since < NANOS;
    }

    /** Forgets a directory and those below it. */
    synchronized void forget(String key) {
        found.keySet().removeIf(each -> each.startsWith(key));
    }
}
