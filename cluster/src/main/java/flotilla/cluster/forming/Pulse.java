package flotilla.cluster.forming;

import flotilla.cluster.FailureDetection;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Whether this node may change what others share. A process that was stopped for a while does not know what happened meanwhile:
 * others may have declared it dead and gone on with its sessions, and it learns so only after it has run again. So it changes
 * nothing until it has been a member without a break for {@link #PROBATION} and most others have answered it since; neither does a node
 * that the cluster would go on without. Who was removed never writes again, whatever the membership looks like afterwards.
 */
public final class Pulse {
    /** How often the pulse beats. */
    public static final long BEAT_MILLIS = 250;

    /** How long others may take to tell a process that it was expelled. */
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

    /** What this node knows of its membership. */
    interface Company {
        /** Whether there is no other member. */
        boolean isAlone();

        /** Whether the cluster goes on with this member, as far as it can tell. */
        boolean isKept();

        /** Whether this member was removed. */
        boolean isRemoved();

        /** Tells later whether most others have since answered what they were asked from now on. */
        BooleanSupplier answersFromNow();
    }

    /**
     * @param gap nanoseconds without a good beat after which nothing may be written: less than others wait before they call a process
     *     unreachable, and together with the time in which a side that is cut off notices that, less than the other side waits before it goes on
     */
    public Pulse(long gap, LongSupplier nanoTime, Company company) {
        this.gap = gap;
        this.nanoTime = nanoTime;
        this.company = company;
        this.lastBeat = nanoTime.getAsLong();
        this.suspectUntil = lastBeat;
        this.lastGood = lastBeat;
    }

    /** The gap for nodes that notice silence so soon, in nanoseconds. */
    public static long gap(FailureDetection detection) {
        return TimeUnit.SECONDS.toNanos(detection == FailureDetection.FAST ? 1 : 2);
    }

    /** Called by one thread. */
    public void beat() {
        long now = nanoTime.getAsLong();
        boolean wasStopped = now - lastBeat > gap;
        lastBeat = now;
        hadOthers |= !company.isAlone();
        if (company.isRemoved()) {
            end();
        }
        // Who never had others is nobody's zombie; who has lost them is, should they have gone on without it.
        if (wasStopped && hadOthers) {
            suspectUntil = now + PROBATION;
            answered = company.answersFromNow();
        }
        if (now - suspectUntil >= 0 && company.isKept() && answered.getAsBoolean()) {
            answered = () -> true;
            lastGood = now;
        }
    }

    /** This node was removed: it never writes again. */
    public void end() {
        over = true;
    }

    public boolean mayWrite() {
        return !over && nanoTime.getAsLong() - lastGood <= gap;
    }
}
