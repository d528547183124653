package flotilla.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.TransferMemory.Piece;
import flotilla.storage.TransferMemory.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransferMemoryTest {
    private static final Runnable QUIET = () -> {};

    private final AtomicLong clock = new AtomicLong();
    private final TransferMemory memory =
            new TransferMemory(2048, Duration.ofSeconds(10), Duration.ofMillis(1), clock::get);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void eachTierIsHalfOfTheMemory() throws Exception {
        Piece small = memory.take(Tier.SMALL, 1024, QUIET);
        Piece large = memory.take(Tier.LARGE, 1000, QUIET);
        assertEquals(24, memory.freeBytes());
        assertTrue(memory.tryTake(Tier.SMALL, 1).isEmpty());
        Piece rest = memory.tryTake(Tier.LARGE, 24).orElseThrow();
        assertTrue(memory.tryTake(Tier.LARGE, 1).isEmpty());
        rest.close();
        small.close();
        small.close();
        large.close();
        assertEquals(2048, memory.freeBytes());
        assertThrows(IllegalArgumentException.class, () -> memory.take(Tier.LARGE, 1025, QUIET));
    }

    @Test
    void extraMemoryIsGivenOnlyWhileHalfStaysFree() {
        Piece piece = memory.tryTakeOfMany(Tier.SMALL, 512).orElseThrow();
        assertTrue(memory.tryTakeOfMany(Tier.SMALL, 1).isEmpty());
        piece.close();
        assertTrue(memory.tryTakeOfMany(Tier.SMALL, 1).isPresent());
    }

    @Test
    void whatIsNotNeededLeavesHalfOfTheLargePieces() {
        assertTrue(memory.tryTake(512));
        assertFalse(memory.tryTake(1));
        memory.give(512);
        assertTrue(memory.tryTake(1));
    }

    @Test
    void thoseWhoWaitAreServedInTheirOrder() throws Exception {
        Piece all = memory.take(Tier.LARGE, 1024, QUIET);
        List<Integer> order = new ArrayList<>();
        List<CompletableFuture<Void>> takers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            CountDownLatch waits = new CountDownLatch(1);
            takers.add(CompletableFuture.runAsync(
                    () -> {
                        Piece piece = take(1024, waits::countDown);
                        order.add(number); // the piece is the lock: it is all of the tier
                        piece.close();
                    },
                    threads));
            waits.await();
            assertTrue(memory.tryTake(Tier.LARGE, 1).isEmpty());
        }
        all.close();
        takers.forEach(CompletableFuture::join);
        assertEquals(List.of(0, 1, 2), order);
        assertEquals(2048, memory.freeBytes());
    }

    @Test
    void aTransferIsAskedForItsPieceWhenItsTurnIsOver() throws Exception {
        Piece kept = memory.take(Tier.LARGE, 512, QUIET);
        Piece lent = memory.take(Tier.LARGE, 512, QUIET);
        kept.lend(() -> {
            throw new AssertionError("it is in use");
        });
        kept.pin();
        lent.lend(lent::close);
        AtomicLong ticks = new AtomicLong();
        Piece mine = memory.take(Tier.LARGE, 512, () -> {
            assertEquals(512, lent.bytes());
            if (ticks.incrementAndGet() == 3) {
                assertEquals(1024, memory.freeBytes(), "nobody was asked within the turn");
                clock.addAndGet(Duration.ofSeconds(10).toNanos());
            }
        });
        assertEquals(3, ticks.get());
        kept.close();
        mine.close();
        assertEquals(2048, memory.freeBytes());
    }

    @Test
    void anInterruptedTransferLeavesTheLine() throws Exception {
        Piece all = memory.take(Tier.SMALL, 1024, QUIET);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        Thread taker = new Thread(() -> {
            assertThrows(InterruptedException.class, () -> memory.take(Tier.SMALL, 1, waits::countDown));
            ended.countDown();
        });
        taker.start();
        waits.await();
        taker.interrupt();
        ended.await();
        all.close();
        assertTrue(memory.tryTake(Tier.SMALL, 1024).isPresent());
    }

    private Piece take(long bytes, Runnable waiting) {
        try {
            return memory.take(Tier.LARGE, bytes, waiting);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
