package flotilla.cluster.hazelcast;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.contract.ClusterContract;
import flotilla.cluster.hazelcast.TestNodes.State;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneNode.class)
class HazelcastContractTest extends ClusterContract {
    private final ClusterNode node;

    HazelcastContractTest(ClusterNode node) {
        this.node = node;
    }

    @Override
    protected ClusterNode node() {
        return node;
    }

    @Override
    protected Set<Integer> ports() {
        return Set.copyOf(TestNodes.PORTS);
    }

    @Override
    protected Object state(int number) {
        return new State("alice", number);
    }
}
