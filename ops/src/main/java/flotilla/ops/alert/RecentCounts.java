package flotilla.ops.alert;

import flotilla.cluster.AlertBoard.Reading;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.transfer.TransferResult.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Counts this node's failed logins and bans of the last minute, and the clients in a row whose transfers got no data
 * connection. It never blocks.
 */
public final class RecentCounts implements EventSink, Watched {
    private static final int MOST_CLIENTS = 1_000;

    private final String node;
    private final Minute logins;
    private final Minute bans;
    /** Addresses of clients without a data connection since one has come. */
    private final Set<String> withoutData = ConcurrentHashMap.newKeySet();

    /**
     * Begins with nothing.
     *
     * @param node name of this node
     * @param seconds a clock, in seconds
     */
    public RecentCounts(String node, LongSupplier seconds) {
        this.node = node;
        this.logins = new Minute(seconds);
        this.bans = new Minute(seconds);
    }

    @Override
    public void accept(NodeEvent event) {
        if (event instanceof NodeEvent.LoginFailed) {
            logins.add();
        } else if (event instanceof NodeEvent.Banned) {
            bans.add();
        } else if (event instanceof NodeEvent.NoDataConnection none) {
            if (withoutData.size() < MOST_CLIENTS) {
                withoutData.add(none.link().client().getHostAddress());
            }
        } else if (event instanceof NodeEvent.TransferFinished finished && hasConnected(finished)) {
            withoutData.clear();
        }
    }

    /** A transfer that moved nothing and broke says nothing about the passive address. */
    private static boolean hasConnected(NodeEvent.TransferFinished finished) {
        return finished.result().ending() == Ending.COMPLETE
                || finished.result().bytes() > 0;
    }

    @Override
    public List<Reading> read() {
        List<Reading> readings = new ArrayList<>();
        readings.add(new Reading(Rules.LOGIN_FAILURES, "", logins.count(), ""));
        readings.add(new Reading(Rules.BANS, "", bans.count(), ""));
        readings.add(new Reading(Rules.PASSIVE, node, withoutData.size(), ""));
        return readings;
    }

    /** A count of the last 60 seconds. */
    private static final class Minute {
        private static final int SECONDS = 60;

        private final LongSupplier clock;
        private final long[] times = new long[SECONDS];
        private final long[] counts = new long[SECONDS];

        Minute(LongSupplier clock) {
            this.clock = clock;
        }

        synchronized void add() {
            long now = clock.getAsLong();
            int slot = (int) Math.floorMod(now, (long) SECONDS);
            if (times[slot] != now) {
                times[slot] = now;
                counts[slot] = 0;
            }
            counts[slot]++;
        }

        synchronized long count() {
            long now = clock.getAsLong();
            long sum = 0;
            for (int slot = 0; slot < SECONDS; slot++) {
                if (now - times[slot] < SECONDS) {
                    sum += counts[slot];
                }
            }
            return sum;
        }
    }
}
