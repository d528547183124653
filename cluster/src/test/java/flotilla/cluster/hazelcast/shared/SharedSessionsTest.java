package flotilla.cluster.hazelcast.shared;

import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.SessionDirectory;
import flotilla.cluster.SessionDirectory.SessionRecord;
import flotilla.cluster.hazelcast.OneNode;
import flotilla.cluster.hazelcast.TestNodes.State;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneNode.class)
class SharedSessionsTest {
    private final ClusterNode node;
    private final SessionDirectory sessions;

    SharedSessionsTest(ClusterNode node) {
        this.node = node;
        sessions = node.sessions();
    }

    @Test
    void aClaimRaisesTheEpochAndFencesTheFormerOwner() {
        assertEquals(Optional.empty(), get(sessions.claim("s-1")));
        assertTrue(get(sessions.save(node.holder("s-1"), 1, new State("alice", 1))));
        SessionRecord claimed = get(sessions.claim("s-1")).orElseThrow();
        assertEquals(new SessionRecord("s-1", 2, "alone", new State("alice", 1)), claimed);
        assertFalse(get(sessions.save(node.holder("s-1"), 1, new State("alice", 2))));
        assertTrue(get(sessions.save(node.holder("s-1"), 2, new State("alice", 3))));
        get(sessions.remove("s-1", 1));
        assertEquals(
                new State("alice", 3), get(sessions.claim("s-1")).orElseThrow().state());
        get(sessions.remove("s-1", 3));
        assertEquals(Optional.empty(), get(sessions.claim("s-1")));
    }

    @Test
    void recordsAreListedAndCounted() {
        int before = sessions.size();
        for (int i = 0; i < 5; i++) {
            assertTrue(get(sessions.save(node.holder("t-" + i), 1, new State("bob", i))));
        }
        assertEquals(before + 5, sessions.size());
        assertEquals(3, get(sessions.list(3)).size());
        assertTrue(get(sessions.list(1_000)).stream()
                .anyMatch(record -> record.sessionId().equals("t-4")));
        for (int i = 0; i < 5; i++) {
            get(sessions.remove("t-" + i, 1));
        }
        assertEquals(before, sessions.size());
    }

    @Test
    void aStateThatIsNotInTheTableFailsTheStage() {
        assertTrue(sessions.save(node.holder("u-1"), 1, new ArrayList<>())
                .handle((saved, failure) -> failure != null)
                .toCompletableFuture()
                .join());
    }
}
