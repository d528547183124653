package flotilla.ops.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.AlertBoard.Reading;
import flotilla.ops.alert.Rules;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventWatchTest {
    private static List<Reading> read(long waiting, long dead) {
        return new EventWatch(() -> waiting, () -> dead, 1_000).read();
    }

    @Test
    @DisplayName("dead events and a backlog that is nearly full are told, before uploads are refused")
    void told() {
        assertEquals(List.of(), read(800, 0));
        assertEquals(
                List.of(new Reading(Rules.EVENTS, "some targets", 1, "3 are dead, flotilla event dead shows them")),
                read(0, 3));
        assertEquals(
                List.of(new Reading(
                        Rules.EVENTS,
                        "slow targets",
                        1,
                        "801 wait, and with 1000 uploads are refused (events.backlog)")),
                read(801, 0));
    }
}
