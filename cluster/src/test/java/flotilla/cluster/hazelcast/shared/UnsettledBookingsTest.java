package flotilla.cluster.hazelcast.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UnsettledBookingsTest {
    private final UnsettledBookings unsettled = new UnsettledBookings();

    @Test
    void aBookingIsMadeAgainUntilItIsAnswered() {
        AtomicInteger made = new AtomicInteger();
        unsettled.add(() -> made.incrementAndGet() < 3
                ? CompletableFuture.failedFuture(new TimeoutException("silence"))
                : CompletableFuture.completedFuture(true));
        for (int i = 0; i < 5; i++) {
            unsettled.retry();
        }
        assertEquals(3, made.get());
        assertEquals(0, unsettled.size());
    }

    @Test
    void onlySoManyWait() {
        for (int i = 0; i < UnsettledBookings.MOST + 5; i++) {
            unsettled.add(() -> CompletableFuture.completedFuture(true));
        }
        assertEquals(UnsettledBookings.MOST, unsettled.size());
        unsettled.retry();
        assertEquals(0, unsettled.size());
    }
}
