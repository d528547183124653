package flotilla.cluster.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TickerTest {
    private final Ticker ticker = new Ticker(Thread::new);

    @AfterEach
    void close() {
        ticker.close();
    }

    @Test
    void workThatFailsRunsAgainAndHoldsUpNoOther() throws InterruptedException {
        CountDownLatch failed = new CountDownLatch(2);
        CountDownLatch done = new CountDownLatch(2);
        ticker.every(Ticker.BEAT_MILLIS, () -> {
            failed.countDown();
            throw new IllegalStateException("wrong");
        });
        ticker.every(Ticker.BEAT_MILLIS, done::countDown);
        failed.await();
        done.await();
        assertEquals(0, failed.getCount() + done.getCount());
    }

    @Test
    void workRunsAtEveryFourthBeatWhenItSaysSo() throws InterruptedException {
        AtomicInteger often = new AtomicInteger();
        AtomicInteger before = new AtomicInteger();
        CountDownLatch seldom = new CountDownLatch(1);
        ticker.every(Ticker.BEAT_MILLIS, often::incrementAndGet);
        ticker.every(4 * Ticker.BEAT_MILLIS, () -> {
            before.set(often.get());
            seldom.countDown();
        });
        seldom.await();
        assertEquals(4, before.get());
    }
}
