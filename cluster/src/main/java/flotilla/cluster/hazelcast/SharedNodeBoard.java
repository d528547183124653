package flotilla.cluster.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.replicatedmap.ReplicatedMap;
import flotilla.cluster.NodeBoard;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The board as a replicated map: the uuid of the member, and what it posted. */
final class SharedNodeBoard implements NodeBoard {
    private final HazelcastInstance hazelcast;
    private final ReplicatedMap<String, NodeState> map;
    private final NodeState blank;
    private final LongAdder operations;
    private volatile @Nullable NodeState posted;

    /**
     * @param blank this node without its changing parts
     * @param operations counts what is posted
     */
    SharedNodeBoard(HazelcastInstance hazelcast, NodeState blank, LongAdder operations) {
        this.hazelcast = hazelcast;
        this.map = hazelcast.getReplicatedMap(MapConfigs.NODES);
        this.blank = blank;
        this.operations = operations;
    }

    @Override
    public void post(boolean draining, int sessions) {
        NodeState next = new NodeState(
                blank.name(), blank.address(), blank.shards(), blank.worker(), draining, sessions, blank.version());
        if (!next.equals(posted)) {
            operations.increment();
            map.put(key(hazelcast.getCluster().getLocalMember()), next);
            posted = next;
        }
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
    void forget(UUID member) {
        map.remove(member.toString());
    }

    private static String key(Member member) {
        return MemberIds.of(member).toString();
    }
}
