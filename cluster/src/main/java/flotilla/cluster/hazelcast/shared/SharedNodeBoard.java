package flotilla.cluster.hazelcast.shared;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.replicatedmap.ReplicatedMap;
import flotilla.cluster.NodeBoard;
import flotilla.cluster.hazelcast.entry.MapNames;
import flotilla.cluster.hazelcast.entry.MemberIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The board in a replicated map, from a member's id to the state that the member posted. */
public final class SharedNodeBoard implements NodeBoard {
    /** A number of sessions is posted when it has changed by more than 1/50 (2 %). */
    private static final int NOTICEABLE = 50;

    private final HazelcastInstance hazelcast;
    private final ReplicatedMap<String, NodeState> map;
    private final NodeState blank;
    private final LongAdder operations;

    /**
     * Posts for the node that {@code blank} describes.
     *
     * @param blank this node's state; {@link #post} replaces the parts that change
     * @param operations is incremented for each post
     */
    public SharedNodeBoard(HazelcastInstance hazelcast, NodeState blank, LongAdder operations) {
        this.hazelcast = hazelcast;
        this.map = hazelcast.getReplicatedMap(MapNames.NODES);
        this.blank = blank;
        this.operations = operations;
    }

    @Override
    public void post(boolean draining, int sessions, Set<Integer> closedPorts) {
        NodeState next = new NodeState(
                blank.name(),
                blank.address(),
                blank.shards(),
                blank.worker(),
                draining,
                sessions,
                blank.version(),
                closedPorts);
        // The map, not a field, is compared: other members may have taken this one for gone and removed its entry.
        String key = key(hazelcast.getCluster().getLocalMember());
        if (isNews(next, map.get(key))) {
            operations.increment();
            map.put(key, next);
        }
    }

    /** Small changes are not posted: they would not change a placement, and every node would receive them. */
    private static boolean isNews(NodeState next, @Nullable NodeState posted) {
        return posted == null
                || next.draining() != posted.draining()
                || !next.closedPorts().equals(posted.closedPorts())
                || Math.abs(next.sessions() - posted.sessions()) * NOTICEABLE > posted.sessions();
    }

    @Override
    public List<NodeState> nodes() {
        List<NodeState> nodes = new ArrayList<>();
        for (Member member : hazelcast.getCluster().getMembers()) {
            NodeState state = map.get(key(member));
            if (state != null) {
                nodes.add(state);
            }
        }
        return nodes;
    }

    /**
     * Removes the post of a member that is gone.
     *
     * @param member id of the member, as in {@link MemberIds}
     */
    public void forget(UUID member) {
        map.remove(member.toString());
    }

    private static String key(Member member) {
        return MemberIds.of(member).toString();
    }
}
