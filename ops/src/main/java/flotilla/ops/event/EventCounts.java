package flotilla.ops.event;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What this node has done with events since its start, and what it last saw in the outbox. */
public final class EventCounts {
    final LongAdder recorded = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder died = new LongAdder();
    final AtomicLong waiting = new AtomicLong();
    final AtomicLong dead = new AtomicLong();

    EventCounts() {}

    /** Rows that this node has put into the outbox. */
    public long recorded() {
        return recorded.sum();
    }

    /** Changes of files that could not be recorded; their clients got 451. */
    public long refused() {
        return refused.sum();
    }

    /** Events that were dropped: too many waited, or the database did not answer. No change of a file is among them. */
    public long dropped() {
        return dropped.sum();
    }

    /** Deliveries that a target acknowledged. */
    public long delivered() {
        return delivered.sum();
    }

    /** Attempts that failed. */
    public long failed() {
        return failed.sum();
    }

    /** Rows that this node gave up after their last attempt. */
    public long died() {
        return died.sum();
    }

    /** Rows of the cluster that wait, some seconds old. */
    public long waiting() {
        return waiting.get();
    }

    /** Dead rows of the cluster, some seconds old. */
    public long dead() {
        return dead.get();
    }
}
