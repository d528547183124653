package flotilla.node.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import flotilla.cluster.RateShares;
import flotilla.node.data.Throttles.Throttle;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    @Test
    void aTenthOfASecondIsFree() {
        TokenBucket bucket = new TokenBucket(1000, 0);
        assertEquals(0, bucket.take(100, 0));
        assertEquals(SECOND / 10, bucket.take(100, 0));
    }

    @Test
    void whatIsNotUsedIsNotSavedUp() {
        TokenBucket bucket = new TokenBucket(1000, 0);
        assertEquals(0, bucket.take(100, 3600 * SECOND));
        assertEquals(SECOND, bucket.take(1000, 3600 * SECOND));
    }

    @Test
    void overTimeTheRateHolds() {
        Random random = new Random(21);
        long rate = 123_456;
        TokenBucket bucket = new TokenBucket(rate, 5 * SECOND);
        long now = 5 * SECOND;
        long taken = 0;
        for (int i = 0; i < 10_000; i++) {
            int bytes = 1 + random.nextInt(50_000);
            now += bucket.take(bytes, now);
            taken += bytes;
        }
        double seconds = (now - 5 * SECOND) / (double) SECOND;
        assertEquals(rate, taken / seconds, rate / 100.0);
    }

    @Test
    void manyBytesAtOnceDoNotOverflow() {
        TokenBucket bucket = new TokenBucket(1, 0);
        assertTrue(bucket.take(1 << 22, 0) > 0);
    }

    @Test
    void usersWithoutARateDoNotWait() {
        Throttles throttles = throttles((key, own) -> CompletableFuture.completedFuture(own));
        try (Throttle unlimited = throttles.open("a", true, 0)) {
            unlimited.await(Integer.MAX_VALUE, () -> fail("it waits"));
        }
    }

    @Test
    void transfersOfOneUserInOneDirectionShareARate() {
        Throttles throttles = throttles((key, own) -> CompletableFuture.completedFuture(own));
        try (Throttle first = throttles.open("a", true, 10_000);
                Throttle second = throttles.open("a", true, 10_000);
                Throttle other = throttles.open("a", false, 10_000)) {
            first.await(1000, () -> {});
            long before = System.nanoTime();
            other.await(1000, () -> {});
            second.await(1000, () -> {});
            assertTrue(System.nanoTime() - before >= SECOND / 20, "the second transfer did not wait for the first");
        }
    }

    @Test
    void transfersOnOtherNodesTakeTheirPartOfTheRate() {
        Throttles throttles = throttles((key, own) -> CompletableFuture.completedFuture(10 * own));
        try (Throttle one = throttles.open("a", true, 100_000)) {
            one.await(10_000, () -> {});
            long before = System.nanoTime();
            one.await(1000, () -> {});
            assertTrue(System.nanoTime() - before >= SECOND / 20, "a tenth of the rate was not what was given");
        }
    }

    @Test
    void whoWaitsLongTellsThatItIsAlive() {
        Throttles throttles = throttles((key, own) -> CompletableFuture.completedFuture(own));
        AtomicInteger told = new AtomicInteger();
        try (Throttle slow = throttles.open("a", true, 10_000)) {
            slow.await(12_000, told::incrementAndGet);
        }
        assertTrue(told.get() > 0, "a transfer under a low rate would end as stalled");
    }

    private Throttles throttles(RateShares shares) {
        return new Throttles(shares, () -> Rates.UNLIMITED, scheduler);
    }
}
