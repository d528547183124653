package flotilla.cluster.hazelcast;

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

    /** Without a beat for so long, the process was stopped: below what others wait before they call it unreachable. */
    static final long GAP = TimeUnit.SECONDS.toNanos(2);

    /** How long others may take to tell a process that it was expelled. */
    static final long PROBATION = TimeUnit.SECONDS.toNanos(3);

    private final LongSupplier nanoTime;
    private final BooleanSupplier alone;
    private final BooleanSupplier seesMost;
    private volatile long lastGood;
    private long lastBeat;
    private long suspectUntil;

    /**
     * @param alone whether there is no other member
     * @param seesMost whether most members, this one included, can be reached
     */
    Pulse(LongSupplier nanoTime, BooleanSupplier alone, BooleanSupplier seesMost) {
        this.nanoTime = nanoTime;
        this.alone = alone;
        this.seesMost = seesMost;
        this.lastBeat = nanoTime.getAsLong();
        this.suspectUntil = lastBeat;
        this.lastGood = lastBeat;
    }

    /** Called by one thread. */
    void beat() {
        long now = nanoTime.getAsLong();
        boolean wasStopped = now - lastBeat > GAP;
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
        return nanoTime.getAsLong() - lastGood <= GAP;
    }
}
