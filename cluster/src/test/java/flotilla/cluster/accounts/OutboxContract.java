package flotilla.cluster.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.Outbox;
import flotilla.cluster.Outbox.Counts;
import flotilla.cluster.Outbox.Entry;
import flotilla.cluster.Outbox.Failure;
import flotilla.cluster.Outbox.Lease;
import flotilla.cluster.Outbox.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The behaviour of the outbox that every database must give it. */
abstract class OutboxContract {
    private static final String HOOK = "hook";

    private UserDatabase database;
    private JdbcOutbox outbox;

    /** A new database; the same one throughout a test. */
    abstract Database database();

    @BeforeEach
    void open() {
        database = Databases.open(database());
        outbox = new JdbcOutbox(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Row row(String id, String... places) {
        return new Row(id, HOOK, "upload", List.of(places), "{\"id\":\"" + id + "\",\"name\":\"ä\"}");
    }

    private List<String> due(long now) {
        return outbox.due(HOOK, now, 100).stream().map(Entry::id).toList();
    }

    private long sequence(String id) {
        return outbox.list(false, 0, 100).stream()
                .filter(entry -> entry.id().equals(id))
                .findFirst()
                .orElseThrow()
                .sequence();
    }

    @Test
    @DisplayName("the longest payload is kept")
    void longest() {
        String payload = "x".repeat(Outbox.MOST_PAYLOAD);
        outbox.add(List.of(new Row("a", HOOK, "rename", List.of(), payload)));
        assertEquals(payload, outbox.due(HOOK, 0, 1).get(0).payload());
    }

    @Test
    @Timeout(120)
    @DisplayName("many rows that wait are no burden, with places of their own, with one for all, and with none")
    void many() {
        for (int thousand = 0; thousand < 20; thousand++) {
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                String id = thousand + "-" + i;
                rows.add(
                        switch (i % 3) {
                            case 0 -> row(id, "place " + id);
                            case 1 -> row(id, "one for all");
                            default -> row(id);
                        });
            }
            outbox.add(rows);
        }
        for (int round = 0; round < 3; round++) {
            assertEquals(13_341, outbox.due(HOOK, 0, 20_000).size());
        }
    }

    @Test
    @DisplayName("rows come back whole, in their order, for their target only; the same row is added once")
    void order() {
        outbox.add(List.of(row("a"), row("b"), new Row("a", "other", "upload", List.of(), "{}")));
        outbox.add(List.of(row("b"), row("c")));
        assertEquals(List.of("a", "b", "c"), due(0));
        Entry first = outbox.due(HOOK, 0, 1).get(0);
        assertEquals("{\"id\":\"a\",\"name\":\"ä\"}", first.payload());
        assertEquals("upload", first.type());
        assertEquals(new Counts(4, 0), outbox.counts());
    }

    @Test
    @DisplayName("a row that shares a place with an earlier one that waits is not due")
    void places() {
        outbox.add(List.of(row("write-x", "x"), row("write-y", "y"), row("move-x-z", "z", "x"), row("write-z", "z")));
        outbox.add(List.of(row("move-q-y", "q", "y"), row("login"), row("login-2")));
        assertEquals(List.of("write-x", "write-y", "login", "login-2"), due(0));
        outbox.settle(List.of(sequence("write-y")), List.of(new Failure(sequence("write-x"), 5_000, false, "no")));
        assertEquals(List.of("move-q-y", "login", "login-2"), due(4_999));
        assertEquals(List.of("write-x", "move-q-y", "login", "login-2"), due(5_000));
        outbox.settle(List.of(), List.of(new Failure(sequence("write-x"), 0, true, "no more")));
        assertEquals(List.of("move-x-z", "move-q-y", "login", "login-2"), due(0));
        outbox.settle(List.of(sequence("move-x-z")), List.of());
        assertEquals(List.of("write-z", "move-q-y", "login", "login-2"), due(0));
    }

    @Test
    @DisplayName("a failure is noted; a dead row is listed, sent again with all its attempts, or forgotten")
    void dead() {
        outbox.add(List.of(row("a"), row("b"), row("c")));
        String problem = "x".repeat(400) + '\0';
        outbox.settle(
                List.of(),
                List.of(new Failure(sequence("a"), 7, true, problem), new Failure(sequence("b"), 9, false, "")));
        outbox.settle(List.of(), List.of(new Failure(sequence("b"), 9, true, "b\0")));
        Entry a = outbox.list(true, 0, 100).get(0);
        assertEquals("x".repeat(300), a.problem());
        assertEquals(1, a.attempts());
        assertEquals(2, outbox.list(true, a.sequence(), 100).get(0).attempts());
        assertEquals(new Counts(1, 2), outbox.counts());

        assertEquals(1, outbox.revive(Optional.of("b")));
        assertEquals(0, outbox.revive(Optional.of("c")));
        assertEquals(List.of("b", "c"), due(0));
        assertEquals(0, outbox.due(HOOK, 0, 1).get(0).attempts());
        assertEquals(0, outbox.forget("c"));
        assertEquals(1, outbox.forget("a"));
        assertEquals(0, outbox.revive(Optional.empty()));
    }

    @Test
    @DisplayName("the oldest dead rows go first when there are too many")
    void trim() {
        outbox.add(List.of(row("a"), row("b"), row("c"), row("d")));
        for (String id : List.of("a", "b", "c")) {
            outbox.settle(List.of(), List.of(new Failure(sequence(id), 0, true, "")));
        }
        assertEquals(0, outbox.trim(3));
        assertEquals(2, outbox.trim(1));
        assertEquals(
                List.of("c"), outbox.list(true, 0, 100).stream().map(Entry::id).toList());
        assertEquals(new Counts(1, 1), outbox.counts());
    }

    @Test
    @DisplayName("one of two nodes gets the lease")
    void lease() {
        Lease first = new Lease("node-1", 1);
        assertEquals(Optional.empty(), outbox.lease());
        assertTrue(outbox.replaceLease(Optional.empty(), first));
        assertFalse(outbox.replaceLease(Optional.empty(), new Lease("node-2", 1)));
        assertTrue(outbox.replaceLease(Optional.of(first), new Lease("node-1", 2)));
        assertFalse(outbox.replaceLease(Optional.of(first), new Lease("node-2", 1)));
        assertEquals(Optional.of(new Lease("node-1", 2)), outbox.lease());
    }
}
