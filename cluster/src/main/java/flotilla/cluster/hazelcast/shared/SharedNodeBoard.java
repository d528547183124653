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

/** The board as a replicated map: the id of the member, and what it posted. */
public final class SharedNodeBoard implements NodeBoard {
    /** A change of the sessions by more than one in so many is posted. */
    private static final int NOTICEABLE = 50;

    private final HazelcastInstance hazelcast;
    private final ReplicatedMap<String, NodeState> map;
    private final NodeState blank;
    private final LongAdder operations;

    /**
     * @param blank this node without its changing parts
     * @param operations counts what is posted
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
        // Compared with the map, which is in memory: others may have taken this member for gone and forgotten it.
        String key = key(hazelcast.getCluster().getLocalMember());
        if (isNews(next, map.get(key))) {
            operations.increment();
            map.put(key, next);
        }
    }

    /** A few sessions of many more or less change nothing for who places new ones, and everybody would be told. */
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

    /** Forgets a member that is gone. */
    public void forget(UUID member) {
        map.remove(member.toString());
    }

    private static String key(Member member) {
        return MemberIds.of(member).toString();
    }
}
