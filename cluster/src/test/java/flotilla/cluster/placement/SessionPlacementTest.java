package flotilla.cluster.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.NodeBoard;
import flotilla.cluster.NodeBoard.NodeState;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionPlacementTest {
    @Test
    void idsAreShortAsciiAndDifferent() {
        SessionPlacement placement = SessionPlacement.local(SessionPlacement.shardsOf("n1", 42));
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String id = placement.newSessionId();
            assertTrue(id.length() <= SessionPlacement.MAX_LENGTH
                    && StandardCharsets.US_ASCII.newEncoder().canEncode(id));
            assertTrue(ids.add(id));
        }
    }

    @Test
    void idsOfANodeShareFewShards() {
        SessionPlacement placement = SessionPlacement.local(SessionPlacement.shardsOf("n1", 42));
        Set<String> shards = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            shards.add(SessionPlacement.shardOf(placement.newSessionId()));
        }
        assertEquals(8, shards.size());
    }

    @Test
    void aNewIncarnationHasNewShards() {
        String before = SessionPlacement.shardOf(
                SessionPlacement.local(SessionPlacement.shardsOf("n1", 42)).newSessionId());
        String after = SessionPlacement.shardOf(
                SessionPlacement.local(SessionPlacement.shardsOf("n1", 43)).newSessionId());
        assertNotEquals(before.substring(0, 8), after.substring(0, 8));
    }

    private static NodeState node(String shards, boolean worker, boolean draining, int sessions) {
        return new NodeState(shards, shards, shards, worker, draining, sessions, "1.0.0", Set.of());
    }

    /** The number of sessions, of 10,000 new ones, that are placed on each node. */
    private static Map<String, Integer> spread(NodeState... nodes) {
        SessionPlacement placement = SessionPlacement.spread(
                new NodeBoard() {
                    @Override
                    public void post(boolean draining, int sessions, Set<Integer> closedPorts) {}

                    @Override
                    public List<NodeState> nodes() {
                        return List.of(nodes);
                    }
                },
                "own.");
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            String id = placement.newSessionId();
            counts.merge(id.substring(0, id.indexOf('.') + 1), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void spreadSessionsGoWhereFewerAreOfTwoThatChancePicks() {
        Map<String, Integer> counts =
                spread(node("few.", true, false, 1), node("some.", true, false, 5), node("many.", true, false, 9));
        // The expected shares are 5/9, 3/9 and 1/9. The fullest node still gets some, so that outdated figures do not
        // send all sessions to one node.
        assertEquals(5_556, counts.get("few."), 500);
        assertEquals(3_333, counts.get("some."), 500);
        assertEquals(1_111, counts.get("many."), 400);
    }

    @Test
    void spreadSessionsAvoidNodesThatDrainOrRunNone() {
        assertEquals(
                Set.of("a."),
                spread(node("a.", true, false, 9), node("b.", true, true, 0), node("c.", false, false, 0))
                        .keySet());
    }

    @Test
    void withoutAWorkerSessionsAreNamedAfterTheNodeThatAsks() {
        assertEquals(Set.of("own."), spread().keySet());
        assertEquals(Set.of("own."), spread(node("b.", true, true, 0)).keySet());
    }

    @Test
    void theShardEndsAtTheLastHyphen() {
        assertEquals("a-b", SessionPlacement.shardOf("a-b-c"));
        assertEquals("abc", SessionPlacement.shardOf("abc"));
    }
}
