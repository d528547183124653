package flotilla.cluster.hazelcast;

import flotilla.cluster.FailureDetection;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Whether this node may change what others share. A process that was stopped for a while does not know what happened meanwhile:
 * others may have declared it dead and gone on with its sessions, and it learns so only after it has run again. So it changes
 * nothing until it has been a member without a break for {@link #PROBATION}, and neither does a node that sees less than most.
 */
final class Pulse {
    /** How often the pulse beats. */
    static final long BEAT_MILLIS = 250;

    /** How long others may take to tell a process that it was expelled. */
    static final long PROBATION = TimeUnit.SECONDS.toNanos(3);

    private final long gap;
    private final LongSupplier nanoTime;
    private final BooleanSupplier alone;
    private final BooleanSupplier seesMost;
    private volatile long lastGood;
    private long lastBeat;
    private long suspectUntil;

    /**
     * @param gap nanoseconds without a good beat after which nothing may be written: less than others wait before they call a process
     *     unreachable, and together with the time in which a side that is cut off notices that, less than the other side waits before it goes on
     * @param alone whether there is no other member
     * @param seesMost whether most members, this one included, can be reached
     */
    Pulse(long gap, LongSupplier nanoTime, BooleanSupplier alone, BooleanSupplier seesMost) {
        this.gap = gap;
        this.nanoTime = nanoTime;
        this.alone = alone;
        this.seesMost = seesMost;
        this.lastBeat = nanoTime.getAsLong();
        this.suspectUntil = lastBeat;
        this.lastGood = lastBeat;
    }

    /** The gap for nodes that notice silence so soon, in nanoseconds. */
    static long gap(FailureDetection detection) {
        return TimeUnit.SECONDS.toNanos(detection == FailureDetection.FAST ? 1 : 2);
    }

    /** Called by one thread. */
    void beat() {
        long now = nanoTime.getAsLong();
        boolean wasStopped = now - lastBeat > gap;
        lastBeat = now;
        if (alone.getAsBoolean()) {
            suspectUntil = now;
        } else if (wasStopped) {
            suspectUntil = now + PROBATION;
        }
        if (now - suspectUntil >= 0 && seesMost.getAsBoolean()) {
            lastGood = now;
        }
    }

    boolean mayWrite() {
        return nanoTime.getAsLong() - lastGood <= gap;
    }
}
