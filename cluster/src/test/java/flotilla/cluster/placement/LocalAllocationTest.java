package flotilla.cluster.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import flotilla.cluster.NodeBoard;
import flotilla.cluster.NodeBoard.NodeState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Vector;
import scala.jdk.javaapi.CollectionConverters;

/** Tests the places of shards and their moves. The first node decides. */
class LocalAllocationTest {
    private static final ActorSystem SYSTEM = ActorSystem.create(
            "flotilla",
            ConfigFactory.parseString("pekko { loglevel = OFF, stdout-loglevel = OFF, actor.provider = remote,"
                            + " remote.warn-about-direct-use = off, remote.artery { transport = tcp,"
                            + " canonical { hostname = 127.0.0.1, port = 0 } } }")
                    .withFallback(ConfigFactory.load()));

    private final List<NodeState> posted = new ArrayList<>();
    private final Map<ActorRef, IndexedSeq<String>> regions = new LinkedHashMap<>();
    private final LocalAllocation allocation = new LocalAllocation(
            new NodeBoard() {
                @Override
                public void post(boolean draining, int sessions, Set<Integer> closedPorts) {}

                @Override
                public List<NodeState> nodes() {
                    return posted;
                }
            },
            () -> address(1));

    @AfterAll
    static void close() {
        TestKit.shutdownActorSystem(SYSTEM);
    }

    private static String address(int node) {
        return "pekko://flotilla@127.0.0." + node + ":7000";
    }

    private static String shards(int node) {
        return "node" + node + '.';
    }

    /** A worker that has some shards and has posted its state. */
    private ActorRef worker(int node, String version, boolean draining, int shards) {
        posted.add(new NodeState("node-" + node, address(node), shards(node), true, draining, 0, version, Set.of()));
        return region(node, shards);
    }

    private ActorRef worker(int node) {
        return worker(node, "1.0.0", false, 0);
    }

    /** A reference to the region of a node as the deciding node has it; its own region is a local reference. */
    private ActorRef region(int node, int shards) {
        ActorRef region = node == 1 ? SYSTEM.deadLetters() : edge(node);
        List<String> names = IntStream.range(0, shards)
                .mapToObj(shard -> "s" + node + '.' + shard)
                .toList();
        regions.put(region, Vector.from(CollectionConverters.asScala(names)));
        return region;
    }

    /** The region of a node that asks but runs no sessions. */
    private static ActorRef edge(int node) {
        return ((ExtendedActorSystem) SYSTEM).provider().resolveActorRef(address(node) + "/system/sharding/session");
    }

    private ActorRef allocated(ActorRef requester, String shard) {
        return allocation.allocateShard(requester, shard, regions).value().get().get();
    }

    private Set<String> moving(Set<String> inProgress) {
        return allocation.rebalance(regions, inProgress).value().get().get();
    }

    @Test
    void theNodeThatTheShardNamesIsFirst() {
        ActorRef one = worker(1, "1.0.0", false, 10);
        ActorRef two = worker(2, "2.0.0", false, 0);
        ActorRef three = worker(3, "1.0.0", false, 10);
        assertEquals(three, allocated(two, shards(3) + 4));
        assertEquals(one, allocated(two, shards(1) + 4), "a local reference has no address");
    }

    @Test
    void theNodeThatAsksIsNextWhenTheNamedOneIsGone() {
        worker(1, "2.0.0", false, 0);
        ActorRef two = worker(2, "1.0.0", false, 10);
        assertEquals(two, allocated(two, shards(9) + 1));
    }

    @Test
    void nodesThatDrainGetNothingNew() {
        ActorRef one = worker(1);
        ActorRef two = worker(2, "1.0.0", true, 0);
        assertEquals(one, allocated(two, shards(2) + 1));
    }

    @Test
    void anEdgeThatAsksGetsTheNewestVersion() {
        worker(1, "1.9.0", false, 0);
        ActorRef newest = worker(2, "1.10.0", false, 10);
        worker(3, "1.9.0", false, 0);
        assertEquals(newest, allocated(edge(8), shards(9) + 1));
    }

    @Test
    void ofTheSameVersionTheLeastLoadedIsTaken() {
        worker(1, "1.0.0", false, 3);
        ActorRef two = worker(2, "1.0.0", false, 2);
        worker(3, "1.0.0", false, 4);
        assertEquals(two, allocated(edge(8), shards(9) + 1));
    }

    @Test
    void aNodeThatHasNotPostedYetIsTheLastToBeTaken() {
        region(3, 0);
        ActorRef two = worker(2, "1.0.0", false, 5);
        assertEquals(two, allocated(edge(8), shards(9) + 1));
    }

    @Test
    void whenAllDrainAnEdgeIsServedAllTheSame() {
        ActorRef one = worker(1, "1.0.0", true, 3);
        ActorRef two = worker(2, "1.0.0", true, 2);
        assertEquals(two, allocated(edge(8), shards(9) + 1));
        assertEquals(one, allocated(edge(8), shards(1) + 1));
    }

    @Test
    void nothingIsMovedWhileItsNodeWorks() {
        worker(1, "1.0.0", false, 100);
        worker(2, "2.0.0", false, 0);
        assertEquals(Set.of(), moving(Set.of()));
    }

    @Test
    void allIsMovedFromANodeThatDrainsButWhatIsMovingAlready() {
        worker(1, "1.0.0", false, 2);
        worker(2, "1.0.0", true, 3);
        assertEquals(Set.of("s2.0", "s2.2"), moving(Set.of("s2.1")));
    }

    @Test
    void nothingIsMovedWhenNobodyElseIsThere() {
        worker(1, "1.0.0", true, 2);
        assertEquals(Set.of(), moving(Set.of()));
        worker(2, "1.0.0", true, 2);
        assertEquals(Set.of(), moving(Set.of()), "nor when the others drain, too");
        worker(3);
        assertEquals(4, moving(Set.of()).size());
    }
}
