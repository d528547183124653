package flotilla.node.scan;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The time that a scan has, and the transfer that waits for it. One thread uses it. */
public final class Turn {
    /** How often a waiting transfer is told that it waits, and asked whether it still does. */
    static final Duration LOOK = Duration.ofMillis(250);

    private final Waiting waiting;
    private long deadline;

    /** The transfer that waits for a verdict. */
    public interface Waiting {
        /** Hears about four times a second that the work goes on. Does not block. */
        void alive();

        /** Returns true when nobody waits any more. */
        boolean isOver();
    }

    Turn(Waiting waiting, Duration time) {
        this.waiting = waiting;
        restart(time);
    }

    /** Gives this much time from now on. */
    void restart(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
    }

    /**
     * Tells the transfer that the work goes on.
     *
     * @return milliseconds until the next such call, at least 1; 0 when the time is used up
     * @throws ScanStopped when nobody waits any more
     */
    long look() throws ScanStopped {
        if (waiting.isOver() || Thread.currentThread().isInterrupted()) {
            throw new ScanStopped();
        }
        waiting.alive();
        long left = deadline - System.nanoTime();
        return left <= 0 ? 0 : Math.max(1, Math.min(LOOK.toMillis(), TimeUnit.NANOSECONDS.toMillis(left)));
    }
}
