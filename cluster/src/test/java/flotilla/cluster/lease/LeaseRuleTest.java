package flotilla.cluster.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.ClusterLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests every meaning of a lease. */
class LeaseRuleTest {
    @ParameterizedTest
    @CsvSource({
        // columns: holder of the lease, moved, milliseconds without a change, expected rule
        "none,  false, 0,     FREE",
        "none,  true,  0,     FREE",
        "none,  false, 10000, FREE",
        "none,  true,  10000, FREE",
        "own,   false, 0,     OWN",
        "own,   true,  0,     OWN",
        "own,   false, 10000, OWN",
        "own,   true,  60000, OWN",
        "other, false, 0,     WATCHED",
        "other, false, 9999,  WATCHED",
        "other, false, 10000, FREE",
        "other, true,  0,     ANOTHERS",
        "other, true,  9999,  ANOTHERS",
        "other, true,  10000, FREE",
    })
    void whoMayFormWhoWaitsWhoIsRefused(String holder, boolean moved, long stillMillis, LeaseRule rule) {
        Optional<ClusterLease> lease =
                holder.equals("none") ? Optional.empty() : Optional.of(new ClusterLease(holder, "name", List.of(), 7));
        assertEquals(rule, LeaseRule.of(lease, "own", moved, Duration.ofMillis(stillMillis), Duration.ofSeconds(10)));
    }
}
