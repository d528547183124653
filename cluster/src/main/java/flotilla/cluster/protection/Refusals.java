package flotilla.cluster.protection;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs whom a port between nodes refuses: one line a minute for each address, and one a minute for all addresses together that are too
 * many to be remembered. Strangers cause these lines, as often as they like.
 */
public final class Refusals {
    /** Addresses that are remembered. */
    static final int MAX_ADDRESSES = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final String OTHERS = "*";

    private final LongSupplier nanos;
    private final Map<String, Told> told = new LinkedHashMap<>();

    private record Told(long at, long since) {}

    /** @param nanos a clock */
    Refusals(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** @param address where it happened, without a port; empty when it is not known @param line without its end, for the log */
    public void tell(String address, String line) {
        long silent = silentSince(address);
        if (silent == 0) {
            LOG.warn("{}", line);
        } else if (silent > 0) {
            LOG.warn("{} ({} more like this since the last line)", line, silent);
        }
    }

    /** How many were not told since the last one that was; -1 when this one is not to be told either. */
    synchronized long silentSince(String address) {
        long now = nanos.getAsLong();
        String key = told.containsKey(address) || hasRoom(now) ? address : OTHERS;
        Told before = told.get(key);
        if (before != null && now - before.at() < QUIET_NANOS) {
            told.put(key, new Told(before.at(), before.since() + 1));
            return -1;
        }
        told.remove(key);
        told.put(key, new Told(now, 0)); // the last one in the order again
        return before == null ? 0 : before.since();
    }

    /** Forgets those whose minute is over, the oldest first. */
    private boolean hasRoom(long now) {
        told.values().removeIf(each -> told.size() >= MAX_ADDRESSES && now - each.at() >= QUIET_NANOS);
        return told.size() < MAX_ADDRESSES;
    }
}
