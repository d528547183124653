package flotilla.ops.console;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The failed attempts to sign in, by address. After {@value #FREE} in a row, each further one makes the address wait
 * twice as long, up to ten minutes. Tokens cannot be guessed; this keeps those who try from using time of this node.
 */
final class Attempts {
    private static final int FREE = 5;
    private static final int MOST_DOUBLINGS = 9;
    private static final int MOST_ADDRESSES = 10_000;
    private static final long FIRST_WAIT = Duration.ofSeconds(2).toNanos();
    private static final long LONGEST_WAIT = Duration.ofMinutes(10).toNanos();

    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    private record Failures(int number, long last) {
        private long waiting() {
            int over = number - FREE;
            return over < 0 ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT << Math.min(over, MOST_DOUBLINGS));
        }
    }

    /**
     * Returns for how long an address may not try.
     *
     * @param now {@link System#nanoTime}
     */
    synchronized Duration waiting(String address, long now) {
        Failures known = failures.get(address);
        if (known == null) {
            return Duration.ZERO;
        }
        long left = known.waiting() - (now - known.last());
        if (now - known.last() > LONGEST_WAIT) {
            failures.remove(address);
        }
        return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
    }

    /** Notes a failed attempt. */
    synchronized void failed(String address, long now) {
        failures.merge(address, new Failures(1, now), (old, one) -> new Failures(old.number() + 1, now));
    }

    /** Notes that the address has signed in. */
    synchronized void succeeded(String address) {
        failures.remove(address);
    }
}
