package flotilla.node.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import flotilla.node.data.Throttles.Throttle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FreezeGateTest {
    private final AtomicBoolean frozen = new AtomicBoolean(true);
    private final AtomicBoolean over = new AtomicBoolean();
    private final FreezeGate gate = new FreezeGate(Throttle.UNLIMITED, frozen::get, over::get);

    @Test
    void aFrozenTransferReportsThatItLivesUntilItIsThawed() {
        AtomicInteger signs = new AtomicInteger();
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> gate.await(1, () -> frozen.set(signs.incrementAndGet() < 3), () -> false));
        assertEquals(3, signs.get());
    }

    @Test
    void theEndOfTheTransferEndsTheWait() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> gate.await(1, () -> over.set(true)));
    }
}
