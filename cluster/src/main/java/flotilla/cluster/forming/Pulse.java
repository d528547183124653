package flotilla.cluster.forming;

import flotilla.cluster.FailureDetection;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Decides whether this node may change shared state. A process that was stopped for a while does not know what happened
 * meanwhile. Others may have declared it dead and taken over its sessions, and it learns so only some time after it
 * runs again. So it changes nothing until it has been a member without a break for {@link #PROBATION} and most others
 * have answered it since. A node that the cluster would go on without changes nothing either. A node that was removed
 * never writes again, whatever the membership looks like afterwards.
 */
public final class Pulse {
    /** Time between two beats, in milliseconds. */
    public static final long BEAT_MILLIS = 250;

    /** Time that others may need to tell a process that it was removed, in nanoseconds. */
    static final long PROBATION = TimeUnit.SECONDS.toNanos(3);

    private final long gap;
    private final LongSupplier nanoTime;
    private final Company company;
    private volatile long lastGood;
    private volatile boolean over;
    private long lastBeat;
    private long suspectUntil;
    private boolean hadOthers;
    private BooleanSupplier answered = () -> true;

    /** This node's knowledge of its membership. */
    interface Company {
        /** Whether there is no other member. */
        boolean isAlone();

        /** Whether the cluster goes on with this member, as far as it can tell. */
        boolean isKept();

        /** Whether this member was removed. */
        boolean isRemoved();

        /**
         * Begins to count answers. The result tells later whether most others have answered questions asked from now
         * on.
         */
        BooleanSupplier answersFromNow();
    }

    /**
     * Begins with a good beat.
     *
     * @param gap time without a good beat after which the node must not write, in nanoseconds. It is shorter than the
     *     time after which others call a process unreachable. Added to the time in which a side that is cut off notices
     *     that, it is shorter than the time after which the other side goes on.
     * @param nanoTime a clock, in nanoseconds
     * @param company this node's knowledge of its membership
     */
    public Pulse(long gap, LongSupplier nanoTime, Company company) {
        this.gap = gap;
        this.nanoTime = nanoTime;
        this.company = company;
        this.lastBeat = nanoTime.getAsLong();
        this.suspectUntil = lastBeat;
        this.lastGood = lastBeat;
    }

    /** The gap that fits a failure detection, in nanoseconds. */
    public static long gap(FailureDetection detection) {
        return TimeUnit.SECONDS.toNanos(detection == FailureDetection.FAST ? 1 : 2);
    }

    /** Looks at the membership. One thread calls this every {@value #BEAT_MILLIS} ms. */
    public void beat() {
        long now = nanoTime.getAsLong();
        boolean wasStopped = now - lastBeat > gap;
        lastBeat = now;
        hadOthers |= !company.isAlone();
        if (company.isRemoved()) {
            end();
        }
        // A node that never had other members cannot have been replaced. A node that has lost them can, if they went on
        // without it.
        if (wasStopped && hadOthers) {
            suspectUntil = now + PROBATION;
            answered = company.answersFromNow();
        }
        if (now - suspectUntil >= 0 && company.isKept() && answered.getAsBoolean()) {
            answered = () -> true;
            lastGood = now;
        }
    }

    /** Ends the pulse: this node was removed, and never writes again. */
    public void end() {
        over = true;
    }

    /** Whether this node may change shared state now. Cheap; for any thread. */
    public boolean mayWrite() {
        return !over && nanoTime.getAsLong() - lastGood <= gap;
    }
}
