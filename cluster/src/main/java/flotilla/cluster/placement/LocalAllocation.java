package flotilla.cluster.placement;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.cluster.sharding.ShardCoordinator.AbstractShardAllocationStrategy;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;

/**
 * Puts a shard on the node that asks for it first, which is the node that made the session's id; after that node's death,
 * the node that still holds the control connection. A node that hosts no shards, or is leaving, gets the least loaded
 * one's help. Nothing is moved while it works.
 */
public final class LocalAllocation extends AbstractShardAllocationStrategy {
    @Override
    public Future<ActorRef> allocateShard(
            ActorRef requester, String shard, Map<ActorRef, IndexedSeq<String>> allocations) {
        if (allocations.containsKey(requester)) {
            return Future.successful(requester);
        }
        return allocations.entrySet().stream()
                .min(Comparator.comparingInt(region -> region.getValue().size()))
                .map(region -> Future.successful(region.getKey()))
                .orElseGet(() -> Future.successful(requester));
    }

    @Override
    public Future<Set<String>> rebalance(Map<ActorRef, IndexedSeq<String>> allocations, Set<String> inProgress) {
        return Future.successful(Set.of());
    }
}
