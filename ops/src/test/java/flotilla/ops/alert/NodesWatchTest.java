package flotilla.ops.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.AlertBoard;
import flotilla.cluster.AlertBoard.Reading;
import flotilla.cluster.Roll;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class NodesWatchTest {
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private List<Roll.Entry> roll = List.of();
    private boolean away;
    private final SharedBoards boards = new SharedBoards();
    private final AlertBoard board = boards.join("one");
    private final NodesWatch watch = new NodesWatch(board, new FixedRoll(), "one", new Moving());

    private final class FixedRoll implements Roll {
        @Override
        public CompletionStage<List<Entry>> all() {
            if (away) {
                return CompletableFuture.failedFuture(new IllegalStateException("away"));
            }
            return CompletableFuture.completedFuture(roll);
        }

        @Override
        public CompletionStage<Boolean> forget(String name) {
            throw new UnsupportedOperationException();
        }
    }

    private final class Moving extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
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

    private List<Double> values(String kind) throws Exception {
        return watch.read().stream()
                .filter(reading -> reading.kind().equals(kind))
                .map(Reading::value)
                .toList();
    }

    @Test
    void aNodeThatDidNotLeaveInOrderIsAwayFromTheTimeItWasSeen() throws Exception {
        boards.join("two");
        roll = List.of(
                new Roll.Entry("one", "", now, false),
                new Roll.Entry("two", "", now, false),
                new Roll.Entry("stopped", "", now, true));
        assertEquals(List.of(), values(Rules.NODE_LOST));
        boards.kill("two");
        now = now.plusSeconds(16);
        assertEquals(List.of(16.0), values(Rules.NODE_LOST));
        boards.join("two");
        assertEquals(List.of(), values(Rules.NODE_LOST));
    }

    @Test
    void nodesThatAreNotYetBackAfterAStartOfAllHaveTheirTime() throws Exception {
        roll = List.of(new Roll.Entry("late", "", now.minusSeconds(86_400), false));
        now = now.plusSeconds(3);
        assertEquals(List.of(3.0), values(Rules.NODE_LOST));
    }

    @Test
    void whileTheDatabaseIsAwayTheNextEvaluatorKeepsWhatWasFound() throws Exception {
        AlertBoard.Alert lost =
                new AlertBoard.Alert("id", Rules.NODE_LOST, "two", 1, true, 20, "", now.toEpochMilli(), Set.of());
        boards.alerts.put(lost.key(), lost);
        away = true;
        assertEquals(List.of(20.0), values(Rules.NODE_LOST));
        away = false;
        now = now.plusSeconds(10);
        assertEquals(List.of(), values(Rules.NODE_LOST));
    }

    @Test
    void aNodeThatGoesOftenIsCountedForTenMinutes() throws Exception {
        for (int i = 0; i < 3; i++) {
            boards.join("two");
            values(Rules.NODE_FLAPPING);
            boards.kill("two");
            now = now.plusSeconds(60);
            values(Rules.NODE_FLAPPING);
        }
        assertEquals(List.of(3.0), values(Rules.NODE_FLAPPING));
        now = now.plusSeconds(481);
        assertEquals(List.of(2.0), values(Rules.NODE_FLAPPING));
        now = now.plusSeconds(600);
        assertEquals(List.of(), values(Rules.NODE_FLAPPING));
    }
}
