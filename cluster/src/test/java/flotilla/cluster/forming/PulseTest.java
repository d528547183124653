package flotilla.cluster.forming;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.FailureDetection;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Tests when a node may change shared state, with a clock that the test sets. */
class PulseTest {
    private static final long GAP = Pulse.gap(FailureDetection.STANDARD);

    private long now = Long.MAX_VALUE - 1_000;
    private boolean alone;
    private boolean kept = true;
    private boolean removed;
    private boolean answered = true;
    private final Pulse pulse = new Pulse(GAP, () -> now, new Pulse.Company() {
        @Override
        public boolean isAlone() {
            return alone;
        }

        @Override
        public boolean isKept() {
            return kept;
        }

        @Override
        public boolean isRemoved() {
            return removed;
        }

        @Override
        public BooleanSupplier answersFromNow() {
            return () -> answered;
        }
    });

    private void stoppedFor(long nanos) {
        now += nanos;
    }

    private void beatsFor(long nanos) {
        for (long end = now + nanos; end - now > 0; ) {
            now += Math.min(TimeUnit.MILLISECONDS.toNanos(Pulse.BEAT_MILLIS), end - now);
            pulse.beat();
        }
    }

    @Test
    void aMemberMayWriteFromItsStart() {
        assertTrue(pulse.mayWrite());
        beatsFor(Pulse.PROBATION);
        assertTrue(pulse.mayWrite());
    }

    @Test
    void whoWasStoppedMayNotWriteEvenBeforeTheNextBeat() {
        beatsFor(GAP);
        stoppedFor(GAP);
        assertTrue(pulse.mayWrite());
        stoppedFor(1);
        assertFalse(pulse.mayWrite());
    }

    @Test
    void whoWasStoppedMayWriteAfterItsProbation() {
        stoppedFor(10 * GAP);
        pulse.beat();
        beatsFor(Pulse.PROBATION - 1);
        assertFalse(pulse.mayWrite());
        beatsFor(1);
        assertTrue(pulse.mayWrite());
    }

    @Test
    void whoIsStoppedAgainBeginsItsProbationAgain() {
        stoppedFor(2 * GAP);
        pulse.beat();
        beatsFor(Pulse.PROBATION / 2);
        stoppedFor(2 * GAP);
        pulse.beat();
        beatsFor(Pulse.PROBATION - 1);
        assertFalse(pulse.mayWrite());
        beatsFor(1);
        assertTrue(pulse.mayWrite());
    }

    @Test
    void aMinorityMayNotWriteUntilItSeesMostAgain() {
        kept = false;
        beatsFor(GAP);
        assertTrue(pulse.mayWrite(), "others wait longer than that before they go on without it");
        beatsFor(1);
        assertFalse(pulse.mayWrite());
        kept = true;
        beatsFor(1);
        assertTrue(pulse.mayWrite());
    }

    @Test
    void whoNeverHadOthersNeedsNoProbation() {
        alone = true;
        stoppedFor(10 * GAP);
        assertFalse(pulse.mayWrite());
        pulse.beat();
        assertTrue(pulse.mayWrite());
    }

    @Test
    void whoHasLostAllOthersIsNotAlone() {
        beatsFor(GAP);
        alone = true;
        stoppedFor(10 * GAP);
        pulse.beat();
        assertFalse(pulse.mayWrite(), "the others may have gone on without it");
        beatsFor(Pulse.PROBATION);
        assertTrue(pulse.mayWrite());
    }

    @Test
    void whoWasStoppedMayNotWriteBeforeMostOthersHaveAnswered() {
        answered = false;
        stoppedFor(10 * GAP);
        pulse.beat();
        beatsFor(10 * Pulse.PROBATION);
        assertFalse(pulse.mayWrite());
        answered = true;
        beatsFor(1);
        assertTrue(pulse.mayWrite());
    }

    @Test
    void whoWasRemovedNeverWritesAgain() {
        removed = true;
        pulse.beat();
        assertFalse(pulse.mayWrite());
        removed = false;
        alone = true;
        beatsFor(10 * Pulse.PROBATION);
        assertFalse(pulse.mayWrite());
    }
}
