package flotilla.cluster.hazelcast.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.AbstractMap.SimpleEntry;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tests how many transfers share a rate. */
class RateCountsTest {
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);
    private static final long START = 1_000_000;

    private final RateCounts counts = new RateCounts();

    @Test
    void theTransfersOfAllMembersShareTheRate() {
        assertEquals(3, counts.report(ONE, 3, START));
        assertEquals(5, counts.report(OTHER, 2, START));
        assertEquals(3, counts.report(ONE, 1, START), "a report replaces the one before");
    }

    @Test
    void whoHasNoneAnyMoreIsForgotten() {
        counts.report(ONE, 3, START);
        assertEquals(0, counts.report(ONE, 0, START));
        assertTrue(counts.isEmpty());
    }

    @Test
    void whoFallsSilentIsForgottenAfterFiveSeconds() {
        counts.report(ONE, 3, START);
        assertEquals(5, counts.report(OTHER, 2, START + 5_000));
        assertEquals(2, counts.report(OTHER, 2, START + 5_001));
        assertEquals(4, counts.report(ONE, 2, START + 5_001), "and counts again once it reports");
    }

    @Test
    void whoFallsSilentIsForgottenAlsoWhenTheClockWasSetBack() {
        counts.report(ONE, 3, START + 3_600_000);
        assertEquals(2, counts.report(OTHER, 2, START));
    }

    @Test
    void theEntryGoesWithItsLastTransfer() {
        Map.Entry<String, RateCounts> entry = new SimpleEntry<>("u:alice", null);
        assertEquals(0, new ReportRate(ONE, 0).process(entry));
        assertNull(entry.getValue(), "who has none makes none");
        assertEquals(1, new ReportRate(ONE, 1).process(entry));
        assertEquals(2, new ReportRate(OTHER, 1).process(entry));
        assertEquals(1, new ReportRate(ONE, 0).process(entry));
        assertFalse(entry.getValue().isEmpty());
        assertEquals(0, new ReportRate(OTHER, 0).process(entry));
        assertNull(entry.getValue());
    }

    @Test
    void aMemberThatIsGoneCountsNoMore() {
        counts.report(ONE, 3, START);
        counts.report(OTHER, 2, START);
        assertEquals(3, counts.drop(ONE));
        assertEquals(0, counts.drop(ONE));
        assertEquals(2, counts.report(OTHER, 2, START));
    }
}
