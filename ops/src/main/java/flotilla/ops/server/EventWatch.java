package flotilla.ops.server;

import flotilla.cluster.AlertBoard.Reading;
import flotilla.ops.alert.Rules;
import flotilla.ops.alert.Watched;
import flotilla.ops.event.EventCounts;
import flotilla.ops.event.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Watches the events that wait for their targets. All nodes see the same outbox. */
final class EventWatch implements Watched {
    /** Part of the backlog beyond which clients will soon get 451. */
    private static final double FULL = 0.8;

    private final LongSupplier waiting;
    private final LongSupplier dead;
    private final int backlog;

    EventWatch(LongSupplier waiting, LongSupplier dead, int backlog) {
        this.waiting = waiting;
        this.dead = dead;
        this.backlog = backlog;
    }

    static EventWatch of(Events events, int backlog) {
        EventCounts counts = events.counts();
        return new EventWatch(counts::waiting, counts::dead, backlog);
    }

    @Override
    public List<Reading> read() {
        List<Reading> readings = new ArrayList<>();
        if (dead.getAsLong() > 0) {
            readings.add(new Reading(
                    Rules.EVENTS, "some targets", 1, dead.getAsLong() + " are dead, flotilla event dead shows them"));
        }
        if (waiting.getAsLong() > FULL * backlog) {
            readings.add(new Reading(
                    Rules.EVENTS,
                    "slow targets",
                    1,
                    waiting.getAsLong() + " wait, and with " + backlog + " uploads are refused (events.backlog)"));
        }
        return readings;
    }
}
