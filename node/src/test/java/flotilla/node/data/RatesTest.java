package flotilla.node.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.data.Throttles.Throttle;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rates that nodes share, in simulated time. */
class RatesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long REPORT = SECOND / 2;
    private static final int NODES = 3;
    private static final long TOTAL = 20_000_000;
    private static final int CHUNK = 262_144;

    @Test
    void thePartsOfAllNodesAreTheRate() {
        Random random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            long rate = 1 + Math.abs(random.nextLong() >> 14);
            int[] own = random.ints(NODES, 1, 100_000).toArray();
            int all = Arrays.stream(own).sum();
            long sum = Arrays.stream(own)
                    .mapToLong(each -> Rates.part(rate, each, all))
                    .sum();
            assertTrue(sum <= rate + NODES && sum >= rate - NODES, rate + " is not " + sum);
        }
    }

    /** One node's transfers, which are always ready for the next bytes. */
    private static final class Node {
        private TokenBucket bucket = new TokenBucket(TOTAL, 0);
        private int transfers;
        private long reportAt;
        private long moveAt;

        private void begin(long now, int number) {
            if (transfers == 0) {
                bucket = new TokenBucket(TOTAL, now);
            }
            reportAt = transfers == number ? reportAt : now;
            transfers = number;
            moveAt = Math.max(moveAt, now);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void threeNodesTogetherKeepTheTotalInEachWindowOfFiveSeconds(long seed) {
        Random random = new Random(seed);
        Node[] nodes = new Node[NODES];
        Arrays.setAll(nodes, i -> new Node());
        int[] reported = new int[NODES];
        long start = 0;
        for (int phase = 0; phase < 50; phase++, start += 6 * SECOND) {
            for (Node node : nodes) {
                // A node may have none, but not all of them.
                node.begin(start, Math.max(random.nextInt(10) - 1, node == nodes[0] ? 1 : 0));
            }
            long moved = 0;
            for (long now = start; now < start + 6 * SECOND; now += SECOND / 1000) {
                for (int i = 0; i < NODES; i++) {
                    Node node = nodes[i];
                    if (now >= node.reportAt) {
                        reported[i] = node.transfers;
                        int all = Arrays.stream(reported).sum();
                        node.bucket.rate(Rates.part(TOTAL, node.transfers, Math.max(all, node.transfers)));
                        node.reportAt += REPORT;
                    }
                    while (node.transfers > 0 && node.moveAt <= now) {
                        node.moveAt += node.bucket.take(CHUNK, node.moveAt);
                        moved += now >= start + SECOND ? CHUNK : 0;
                    }
                }
            }
            assertEquals(TOTAL * 5.0, moved, TOTAL * 0.5, "seed " + seed + ", phase " + phase);
        }
    }

    @Test
    void theUsersOwnRateWinsOverTheDefault() {
        Rates rates = new Rates(0, 500, 0);
        assertEquals(500, rates.ofUser(0));
        assertEquals(700, rates.ofUser(700));
        assertEquals(0, Rates.UNLIMITED.ofUser(0));
    }

    @Test
    void aTransferIsReportedForEachRateThatItShares() {
        Map<String, Integer> reported = new ConcurrentHashMap<>();
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try {
            Throttles throttles = new Throttles(
                    (key, own) -> {
                        reported.put(key, own);
                        return CompletableFuture.completedFuture(own);
                    },
                    () -> new Rates(0, 500, 1000),
                    scheduler);
            Throttle one = throttles.open("a", true, 0);
            Throttle two = throttles.open("b", true, 9);
            assertEquals(Map.of("u:a", 1, "u:b", 1, "u", 2), reported);
            one.close();
            two.close();
            assertEquals(Map.of("u:a", 0, "u:b", 0, "u", 0), reported);
            Throttles unlimited = new Throttles(
                    (key, own) -> CompletableFuture.completedFuture(reported.merge(key, own, Integer::sum)),
                    () -> Rates.UNLIMITED,
                    scheduler);
            reported.clear();
            unlimited.open("a", true, 0).close();
            assertEquals(Map.of(), reported, "nothing is shared");
        } finally {
            scheduler.shutdownNow();
        }
    }

    @Test
    void aWaitEndsWhenItsTransferIsCancelled() throws Exception {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try {
            Throttles throttles = new Throttles(
                    (key, own) -> CompletableFuture.completedFuture(own), () -> new Rates(1, 0, 7), scheduler);
            assertEquals(1, throttles.lowest(5));
            AtomicBoolean cancelled = new AtomicBoolean();
            CompletableFuture<Boolean> waiting = new CompletableFuture<>();
            try (Throttle transfer = throttles.open("a", true, 5)) {
                CompletableFuture<Void> piece = CompletableFuture.runAsync(
                        () -> transfer.await(3600, () -> waiting.complete(true), cancelled::get));
                assertTrue(waiting.get(1, TimeUnit.MINUTES));
                cancelled.set(true);
                piece.get(1, TimeUnit.MINUTES);
            }
            assertEquals(
                    0,
                    new Throttles(
                                    (key, own) -> CompletableFuture.completedFuture(own),
                                    () -> Rates.UNLIMITED,
                                    scheduler)
                            .lowest(0));
        } finally {
            scheduler.shutdownNow();
        }
    }

    @Test
    void aTransferThatRunsFollowsTheRates() throws Exception {
        Map<String, Integer> reported = new ConcurrentHashMap<>();
        AtomicReference<Rates> rates = new AtomicReference<>(Rates.UNLIMITED);
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try {
            Throttles throttles = new Throttles(
                    (key, own) -> {
                        reported.put(key, own);
                        return CompletableFuture.completedFuture(own);
                    },
                    rates::get,
                    scheduler);
            Throttle transfer = throttles.open("a", true, 0);
            transfer.await(1 << 20, () -> {});
            rates.set(new Rates(0, 0, 1)); // the next piece would take an hour
            CompletableFuture<Boolean> waiting = new CompletableFuture<>();
            CompletableFuture<Void> piece =
                    CompletableFuture.runAsync(() -> transfer.await(3600, () -> waiting.complete(true)));
            assertTrue(waiting.get(1, TimeUnit.MINUTES));
            assertEquals(Map.of("u", 1), reported);
            rates.set(Rates.UNLIMITED);
            piece.get(1, TimeUnit.MINUTES);
            transfer.await(1, () -> {});
            assertEquals(Map.of("u", 0), reported);
            rates.set(new Rates(0, 1 << 20, 0));
            transfer.await(1, () -> {});
            assertEquals(Map.of("u", 0, "u:a", 1), reported);
            transfer.close();
            assertEquals(Map.of("u", 0, "u:a", 0), reported);
        } finally {
            scheduler.shutdownNow();
        }
    }
}
