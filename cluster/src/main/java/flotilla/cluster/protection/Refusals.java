package flotilla.cluster.protection;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the connections that a port between nodes refuses: one line a minute for each address, and one line a minute for
 * all addresses beyond {@value #MAX_ADDRESSES}. Without this limit strangers could fill the log.
 */
public final class Refusals {
    /** Most addresses that are remembered. */
    static final int MAX_ADDRESSES = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final String OTHERS = "*";

    private final LongSupplier nanos;
    private final Map<String, Told> told = new LinkedHashMap<>();

    private record Told(long at, long since) {}

    /**
     * Limits by a clock.
     *
     * @param nanos the clock, in nanoseconds
     */
    Refusals(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Logs a refusal, unless one was logged within a minute.
     *
     * @param address address of the other end, without a port; empty when it is not known
     * @param line the log line; the number of refusals that were not logged may be added to it
     */
    public void tell(String address, String line) {
        long silent = silentSince(address);
        if (silent == 0) {
            LOG.warn("{}", line);
        } else if (silent > 0) {
            LOG.warn("{} ({} more like this since the last line)", line, silent);
        }
    }

    /** The number of refusals that were not logged since the last line; -1 when this one must not be logged either. */
    synchronized long silentSince(String address) {
        long now = nanos.getAsLong();
        String key = told.containsKey(address) || hasRoom(now) ? address : OTHERS;
        Told before = told.get(key);
        if (before != null && now - before.at() < QUIET_NANOS) {
            told.put(key, new Told(before.at(), before.since() + 1));
            return -1;
        }
        told.remove(key);
        told.put(key, new Told(now, 0)); // moves it to the end of the order
        return before == null ? 0 : before.since();
    }

    /**
     * Forgets addresses whose minute is over when too many are remembered. Returns whether there is room for another
     * one.
     */
    private boolean hasRoom(long now) {
        told.values().removeIf(each -> told.size() >= MAX_ADDRESSES && now - each.at() >= QUIET_NANOS);
        return told.size() < MAX_ADDRESSES;
    }
}
