package flotilla.cluster.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.NodeBoard.NodeState;
import flotilla.cluster.placement.SessionPlacement;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What nodes tell each other about themselves. */
@ExtendWith(OneNode.class)
class SharedNodeBoardTest {
    private final ClusterNode node;
    private final SharedNodeBoard board;

    SharedNodeBoardTest(ClusterNode node) {
        this.node = node;
        this.board = (SharedNodeBoard) node.board();
    }

    @AfterEach
    void asItWas() {
        board.post(false, 0);
    }

    private NodeState only() {
        assertEquals(1, board.nodes().size());
        return board.nodes().get(0);
    }

    @Test
    void aNodeIsThereFromItsStart() {
        NodeState self = only();
        assertEquals(node.name(), self.name());
        assertEquals(Cluster.get(node.system()).selfMember().address().toString(), self.address());
        assertEquals(SessionPlacement.shardsOf(node.system()), self.shards());
        assertEquals("1.0.0", self.version());
        assertTrue(self.worker());
    }

    @Test
    void whatChangesIsSeen() {
        board.post(true, 7);
        assertTrue(only().draining());
        assertEquals(7, only().sessions());
    }

    @Test
    void aFewSessionsOfManyAreNoNews() {
        board.post(false, 1_000);
        board.post(false, 1_010);
        assertEquals(1_000, only().sessions());
        board.post(false, 1_030);
        assertEquals(1_030, only().sessions());
        board.post(true, 1_031);
        assertTrue(only().draining());
    }

    @Test
    void aMemberThatIsGoneIsNotThere() {
        board.forget(node.memberId());
        assertEquals(0, board.nodes().size());
    }

    @Test
    void whoWasForgottenByMistakeIsThereAgainWithItsNextPost() {
        board.post(false, 3);
        board.forget(node.memberId());
        board.post(false, 3);
        assertEquals(3, only().sessions());
    }
}
