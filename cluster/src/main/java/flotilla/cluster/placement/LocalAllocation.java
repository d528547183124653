package flotilla.cluster.placement;

import flotilla.cluster.NodeBoard;
import flotilla.cluster.NodeBoard.NodeState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.ShardCoordinator.AbstractShardAllocationStrategy;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.util.Version;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;

/**
 * Places shards. A shard goes to the node that its sessions' ids name. If that is gone or drains, it goes to the node
 * that asks, which has a control connection of the shard. If that runs no sessions or drains too, it goes to the least
 * loaded node with the newest version. When all nodes drain, draining is ignored. Shards move only away from nodes that
 * drain.
 */
public final class LocalAllocation extends AbstractShardAllocationStrategy {
    private static final Comparator<String> NEWEST_LAST = Comparator.comparing(Version::new);

    private final NodeBoard board;
    private final Supplier<String> self;

    /** The strategy of the member that {@code system} is. */
    public static LocalAllocation on(ActorSystem<?> system, NodeBoard board) {
        return new LocalAllocation(
                board, () -> Cluster.get(system).selfMember().address().toString());
    }

    /**
     * Uses {@code board} to learn which nodes drain.
     *
     * @param self address of this node, which a reference to a local region leaves out
     */
    LocalAllocation(NodeBoard board, Supplier<String> self) {
        this.board = board;
        this.self = self;
    }

    @Override
    public Future<ActorRef> allocateShard(
            ActorRef requester, String shard, Map<ActorRef, IndexedSeq<String>> allocations) {
        Map<String, NodeState> nodes = nodes();
        boolean all = allocations.keySet().stream().allMatch(region -> isDraining(nodes, region));
        return Future.successful(allocations.entrySet().stream()
                .filter(region -> all || !isDraining(nodes, region.getKey()))
                .max(Comparator.<Map.Entry<ActorRef, IndexedSeq<String>>, Boolean>comparing(
                                region -> isNamed(nodes, region.getKey(), shard))
                        .thenComparing(region -> requester.equals(region.getKey()))
                        .thenComparing(region -> version(nodes, region.getKey()), NEWEST_LAST)
                        .thenComparing(region -> -region.getValue().size()))
                .map(Map.Entry::getKey)
                .orElse(requester));
    }

    @Override
    public Future<Set<String>> rebalance(Map<ActorRef, IndexedSeq<String>> allocations, Set<String> inProgress) {
        Map<String, NodeState> nodes = nodes();
        Set<String> moving = new HashSet<>();
        if (allocations.keySet().stream().anyMatch(region -> !isDraining(nodes, region))) {
            allocations.forEach((region, shards) -> {
                if (isDraining(nodes, region)) {
                    shards.foreach(moving::add);
                }
            });
            moving.removeAll(inProgress);
        }
        return Future.successful(moving);
    }

    private Map<String, NodeState> nodes() {
        Map<String, NodeState> nodes = new HashMap<>();
        board.nodes().forEach(node -> nodes.put(node.address(), node));
        return nodes;
    }

    private boolean isDraining(Map<String, NodeState> nodes, ActorRef region) {
        NodeState node = nodes.get(address(region));
        return node != null && node.draining();
    }

    private boolean isNamed(Map<String, NodeState> nodes, ActorRef region, String shard) {
        NodeState node = nodes.get(address(region));
        return node != null && shard.startsWith(node.shards());
    }

    private String version(Map<String, NodeState> nodes, ActorRef region) {
        NodeState node = nodes.get(address(region));
        return node == null ? "0" : node.version();
    }

    private String address(ActorRef region) {
        return region.path().address().hasLocalScope()
                ? self.get()
                : region.path().address().toString();
    }
}
