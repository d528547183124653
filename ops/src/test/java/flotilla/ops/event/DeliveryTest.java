package flotilla.ops.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.Outbox.Entry;
import flotilla.cluster.Outbox.Row;
import flotilla.ops.event.EventSettings.Attempts;
import flotilla.ops.event.EventTarget.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deliveries in a time of their own: the test decides when each answer comes, and when the sender dies. */
class DeliveryTest {
    private static final Attempts MANY = new Attempts(1_000, 4, Duration.ofSeconds(1), Duration.ofMinutes(1));

    private final MemoryOutbox outbox = new MemoryOutbox();
    private final List<Sent> open = new ArrayList<>();
    private long now = 1_000_000;
    private EventCounts counts = new EventCounts();

    private record Sent(EventTarget.Message message, CompletableFuture<Answer> answer) {}

    private final EventTarget target = new EventTarget() {
        @Override
        public CompletionStage<Answer> send(Message message) {
            Sent sent = new Sent(message, new CompletableFuture<>());
            open.add(sent);
            return sent.answer();
        }

        @Override
        public Duration timeout() {
            return Duration.ofHours(1);
        }
    };

    private Delivery delivery(Attempts attempts, long seed) {
        return new Delivery(outbox, Map.of("t", target), attempts, () -> now, new Random(seed), counts, () -> {});
    }

    private static Row row(String id, String... places) {
        return new Row(id, "t", "flotilla.upload", List.of(places), "{}");
    }

    private List<String> ids() {
        return open.stream().map(sent -> sent.message().id()).toList();
    }

    private void answer(String id, Answer answer) {
        Sent sent = open.stream()
                .filter(each -> each.message().id().equals(id))
                .findFirst()
                .orElseThrow();
        open.remove(sent);
        sent.answer().complete(answer);
    }

    @Test
    @DisplayName("as many as allowed are under way, of each place one, in their order")
    void inFlight() {
        outbox.add(List.of(row("a", "x"), row("b", "x"), row("c", "y"), row("d"), row("e"), row("f")));
        Delivery delivery = delivery(MANY, 1);
        delivery.round();
        assertEquals(List.of("a", "c", "d", "e"), ids());
        delivery.round();
        assertEquals(4, open.size());
        answer("a", Answer.yes(""));
        answer("d", Answer.yes(""));
        delivery.round();
        assertEquals(List.of("c", "e", "b", "f"), ids());
        assertEquals(2, counts.delivered());
    }

    @Test
    @DisplayName("a failure is tried again after a pause that doubles, and later events of the place wait for it")
    void pauses() {
        outbox.add(List.of(row("a", "x"), row("b", "x")));
        Delivery delivery = delivery(MANY, 1);
        long before = 0;
        for (int attempt = 1; attempt <= 4; attempt++) {
            delivery.round();
            assertEquals(List.of("a"), ids());
            assertEquals(attempt, open.get(0).message().attempt());
            answer("a", Answer.no("busy"));
            delivery.settle();
            long pause =
                    outbox.list(false, 0, 1).toCompletableFuture().join().get(0).nextAt() - now;
            long full = 1_000L << (attempt - 1);
            assertTrue(pause >= full / 2 && pause <= full, "pause " + pause);
            assertTrue(pause > before / 2);
            before = pause;
            now += pause - 1;
            delivery.round();
            assertTrue(open.isEmpty());
            now++;
        }
        delivery.round();
        answer("a", new Answer(false, "later", java.util.Optional.of(Duration.ofSeconds(55))));
        delivery.settle();
        assertEquals(
                now + 55_000,
                outbox.list(false, 0, 1).toCompletableFuture().join().get(0).nextAt());
    }

    @Test
    @DisplayName("after the last attempt an event is dead, and those behind it go on")
    void dead() {
        outbox.add(List.of(row("a", "x"), row("b", "x")));
        Delivery delivery = delivery(new Attempts(2, 4, Duration.ofMillis(10), Duration.ofMillis(10)), 1);
        for (int i = 0; i < 2; i++) {
            delivery.round();
            answer("a", Answer.no("no"));
            delivery.settle();
            now += 10;
        }
        delivery.round();
        assertEquals(List.of("b"), ids());
        Entry dead = outbox.list(true, 0, 10).toCompletableFuture().join().get(0);
        assertEquals("a", dead.id());
        assertEquals("no", dead.problem());
        assertEquals(1, counts.died());
    }

    @Test
    @DisplayName("a target that fails without end is tried by one delivery at a time")
    void doubted() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rows.add(row("e" + i));
        }
        outbox.add(rows);
        Delivery delivery = delivery(MANY, 1);
        int tried = 0;
        for (int second = 0; second < 60; second++) {
            delivery.round();
            tried += open.size();
            new ArrayList<>(ids()).forEach(id -> answer(id, Answer.no("away")));
            delivery.settle();
            now += 1_000;
        }
        assertTrue(tried < 20, tried + " attempts in a minute");
        now += 60_000;
        delivery.round();
        assertEquals(1, open.size());
        answer(ids().get(0), Answer.yes(""));
        delivery.round();
        assertEquals(4, open.size());
    }

    @Test
    @DisplayName("results outlive an outage of the database")
    void outage() {
        outbox.add(List.of(row("a")));
        Delivery delivery = delivery(MANY, 1);
        delivery.round();
        answer("a", Answer.yes(""));
        outbox.away(true);
        org.junit.jupiter.api.Assertions.assertThrows(IllegalStateException.class, delivery::round);
        outbox.away(false);
        delivery.round();
        assertTrue(open.isEmpty());
        assertEquals(0, delivery.underWay());
        assertEquals(0, outbox.counts().toCompletableFuture().join().waiting());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    @DisplayName("whatever fails, hangs or dies, each event comes, and for each place the first comings are in order")
    void model(long seed) {
        Random random = new Random(seed);
        Map<String, List<String>> added = new LinkedHashMap<>();
        Map<String, List<String>> wanted = new HashMap<>();
        Map<String, List<String>> came = new HashMap<>();
        Set<String> acknowledged = new HashSet<>();
        Delivery delivery = delivery(MANY, seed);
        for (int step = 0; step < 5_000 && (step < 300 || acknowledged.size() < added.size()); step++) {
            if (step < 300) {
                List<String> places = random.nextInt(4) == 0
                        ? List.of("p" + random.nextInt(3), "q" + random.nextInt(3))
                        : random.nextInt(3) == 0 ? List.of() : List.of("p" + random.nextInt(3));
                String id = "e" + added.size();
                added.put(id, places);
                places.forEach(place ->
                        wanted.computeIfAbsent(place, none -> new ArrayList<>()).add(id));
                outbox.add(List.of(new Row(id, "t", "flotilla.upload", places, "{}")));
            }
            delivery.round();
            while (!open.isEmpty() && random.nextInt(3) > 0) {
                Sent sent = open.remove(random.nextInt(open.size()));
                boolean taken = random.nextInt(3) > 0;
                // the receiver may have taken what looks like a failure to the sender
                if (taken || random.nextBoolean()) {
                    acknowledged.add(sent.message().id());
                    added.get(sent.message().id()).forEach(place -> {
                        List<String> list = came.computeIfAbsent(place, none -> new ArrayList<>());
                        if (!list.contains(sent.message().id())) {
                            list.add(sent.message().id());
                        }
                    });
                }
                sent.answer().complete(taken ? Answer.yes("") : Answer.no("no"));
            }
            if (random.nextInt(50) == 0) {
                open.clear(); // the node died; another one goes on
                delivery = delivery(MANY, seed + step);
            }
            now += random.nextInt(2_000);
        }
        assertEquals(added.keySet(), acknowledged);
        assertEquals(wanted, came);
        assertFalse(added.isEmpty());
    }
}
