package flotilla.ops.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.report.Level;
import flotilla.storage.ConditionReport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a check of a store says of conditions. */
class StoreProbeTest {
    @Test
    void aServiceThatIgnoresConditionsOfUploadsIsWarnedOf() {
        Outcome all = StoreProbe.outcome(new ConditionReport(List.of("PutObject with If-Match"), List.of()));
        assertEquals(Level.OK, all.level());
        Outcome some = StoreProbe.outcome(
                new ConditionReport(List.of("PutObject with If-Match"), List.of("CopyObject with If-None-Match")));
        assertEquals(Level.OK, some.level());
        assertTrue(some.text().contains("ignores the conditions of CopyObject with If-None-Match."), some.text());
        Outcome none = StoreProbe.outcome(new ConditionReport(List.of(), List.of("PutObject with If-None-Match")));
        assertEquals(Level.WARN, none.level());
        assertTrue(none.text().contains("The last of two nodes wins"), none.text());
    }
}
