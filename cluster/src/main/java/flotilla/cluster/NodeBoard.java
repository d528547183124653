package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the nodes tell each other about themselves, for placing sessions. Every node has all of it in memory: reading asks nobody. */
public interface NodeBoard {
    /**
     * A node.
     *
     * @param address of its actor system, as Pekko writes it
     * @param shards what the shards start with whose sessions shall live on it
     * @param worker whether it runs sessions
     * @param draining whether its sessions shall move away
     * @param sessions that it runs, some seconds old
     * @param version of the program, for upgrades
     * @param closedPorts passive ports that it could not open
     */
    record NodeState(
            @Tag(1) String name,
            @Tag(2) String address,
            @Tag(3) String shards,
            @Tag(4) boolean worker,
            @Tag(5) boolean draining,
            @Tag(6) int sessions,
            @Tag(7) String version,
            @Tag(8) Set<Integer> closedPorts) {
        public NodeState {
            closedPorts = Set.copyOf(closedPorts);
        }
    }

    /** Tells the others about this node, if it has changed. */
    void post(boolean draining, int sessions, Set<Integer> closedPorts);

    /** The members of the cluster that have posted something. */
    List<NodeState> nodes();

    /** The name of the node whose actor system has this address, as Pekko writes it; of a node that posted nothing the address itself. */
    default String nameOf(String address) {
        return nodes().stream()
                .filter(node -> node.address().equals(address))
                .map(NodeState::name)
                .findFirst()
                .orElse(address);
    }

    /** The passive ports that some node could not open: a client that gets one may be sent to that node. */
    default Set<Integer> closedPorts() {
        return nodes().stream().flatMap(node -> node.closedPorts().stream()).collect(Collectors.toSet());
    }
}
