package flotilla.ops.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExpiryWatchTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<String> warned = new ArrayList<>();
    private final Time time = new Time();
    private List<Expiry> present = List.of(certificate("a.pem", "1", 40));
    private final ExpiryWatch watch =
            new ExpiryWatch(() -> present, () -> List.of(30, 14, 3), shown -> {}, time, warned::add);

    private static final class Time extends Clock {
        private Instant now = START;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private static Expiry certificate(String name, String fingerprint, int days) {
        return new Expiry(name, "clients", fingerprint, START.plus(Duration.ofDays(days)));
    }

    /** Looks four times a day, and returns the days on which something was said. */
    private String days(int from, int to) {
        List<String> days = new ArrayList<>();
        for (int quarter = from * 4; quarter < to * 4; quarter++) {
            time.now = START.plus(Duration.ofHours(quarter * 6L));
            int before = warned.size();
            watch.look();
            if (warned.size() > before) {
                days.add((quarter / 4) + "x" + (warned.size() - before));
            }
        }
        return days.stream().collect(Collectors.joining(" "));
    }

    @Test
    void itWarnsOnceForEachThresholdAndAtTheEnd() {
        assertEquals("10x1 26x1 37x1 40x1", days(0, 60));
        assertEquals(
                "the certificate a.pem (clients) expires in 30 days, on 2026-02-10T00:00:00Z: renew it", warned.get(0));
        assertEquals("the certificate a.pem (clients) expired on 2026-02-10T00:00:00Z: renew it", warned.get(3));
    }

    @Test
    void aCertificateThatIsLateFromTheStartIsToldOnce() {
        present = List.of(certificate("a.pem", "1", 2), certificate("b.pem", "2", 20));
        assertEquals("0x2", days(0, 1));
    }

    @Test
    void aRenewedCertificateBeginsAnew() {
        assertEquals("10x1", days(0, 20));
        present = List.of(certificate("a.pem", "2", 60));
        assertEquals("30x1 46x1", days(20, 50));
    }
}
