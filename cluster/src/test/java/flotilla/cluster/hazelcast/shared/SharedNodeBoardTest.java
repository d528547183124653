package flotilla.cluster.hazelcast.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.NodeBoard.NodeState;
import flotilla.cluster.hazelcast.OneNode;
import flotilla.cluster.hazelcast.TestNodes;
import flotilla.cluster.placement.SessionPlacement;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the states that nodes post for each other. */
@ExtendWith(OneNode.class)
class SharedNodeBoardTest {
    private final ClusterNode node;
    private final SharedNodeBoard board;

    SharedNodeBoardTest(ClusterNode node) {
        this.node = node;
        this.board = (SharedNodeBoard) node.board();
    }

    @Test
    void aPortThatANodeCouldNotOpenIsNotLeased() throws Exception {
        InetAddress client = InetAddress.getByName("203.0.113.77");
        int closed = TestNodes.PORTS.get(0);
        board.post(false, 0, Set.of(closed));
        assertEquals(Set.of(closed), board.closedPorts());
        Set<Integer> leased = new HashSet<>();
        for (OptionalInt port = lease(client); port.isPresent(); port = lease(client)) {
            leased.add(port.getAsInt());
        }
        Set<Integer> open = new HashSet<>(TestNodes.PORTS);
        open.remove(closed);
        assertEquals(open, leased);
        node.passivePool().releaseAll("0-ports", client).toCompletableFuture().join();
    }

    private OptionalInt lease(InetAddress client) {
        return node.passivePool()
                .lease(node.holder("0-ports"), client)
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void asItWas() {
        board.post(false, 0, Set.of());
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
        board.post(true, 7, Set.of());
        assertTrue(only().draining());
        assertEquals(7, only().sessions());
    }

    @Test
    void aFewSessionsOfManyAreNoNews() {
        board.post(false, 1_000, Set.of());
        board.post(false, 1_010, Set.of());
        assertEquals(1_000, only().sessions());
        board.post(false, 1_030, Set.of());
        assertEquals(1_030, only().sessions());
        board.post(true, 1_031, Set.of());
        assertTrue(only().draining());
    }

    @Test
    void aMemberThatIsGoneIsNotThere() {
        board.forget(node.memberId());
        assertEquals(0, board.nodes().size());
    }

    @Test
    void whoWasForgottenByMistakeIsThereAgainWithItsNextPost() {
        board.post(false, 3, Set.of());
        board.forget(node.memberId());
        board.post(false, 3, Set.of());
        assertEquals(3, only().sessions());
    }
}
