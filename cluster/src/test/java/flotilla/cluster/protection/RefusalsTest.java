package flotilla.cluster.protection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests how often refusals are logged. */
class RefusalsTest {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final long NEVER = -1;

    private long now = Long.MAX_VALUE - 1;
    private final Refusals refusals = new Refusals(() -> now);

    @Test
    void anAddressIsToldOnceAMinuteWithTheNumberOfThoseBetween() {
        assertEquals(0, refusals.silentSince("192.0.2.1"));
        assertEquals(NEVER, refusals.silentSince("192.0.2.1"));
        now += MINUTE - 1;
        assertEquals(NEVER, refusals.silentSince("192.0.2.1"));
        assertEquals(0, refusals.silentSince("192.0.2.2"));
        now += 1;
        assertEquals(2, refusals.silentSince("192.0.2.1"));
    }

    @Test
    void addressesBeyondThoseRememberedShareOneLine() {
        for (int i = 0; i < Refusals.MAX_ADDRESSES; i++) {
            assertEquals(0, refusals.silentSince("address " + i));
        }
        assertEquals(0, refusals.silentSince("another"));
        assertEquals(NEVER, refusals.silentSince("and another"));
        now += MINUTE;
        assertEquals(0, refusals.silentSince("a third one"));
    }
}
