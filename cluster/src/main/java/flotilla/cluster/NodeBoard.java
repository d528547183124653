package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The states that the nodes post for each other, for the placement of sessions. Every node keeps all of them in memory,
 * so that reading asks no other node. No method blocks.
 */
public interface NodeBoard {
    /**
     * The state of a node.
     *
     * @param name name of the node
     * @param address address of its actor system, as Pekko writes it
     * @param shards prefix of the shards placed on this node
     * @param worker whether it runs sessions
     * @param draining whether its sessions must move away
     * @param sessions number of sessions that it runs, some seconds old
     * @param version version of the program, for upgrades
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

    /**
     * Posts this node's state if it has changed noticeably.
     *
     * @param draining whether this node's sessions must move away
     * @param sessions number of sessions that this node runs
     * @param closedPorts passive ports that this node could not open
     */
    void post(boolean draining, int sessions, Set<Integer> closedPorts);

    /** The states of all members that have posted one. */
    List<NodeState> nodes();

    /**
     * The name of the node whose actor system has this address, as Pekko writes it. Returns the address itself when no
     * such node has posted.
     */
    default String nameOf(String address) {
        return nodes().stream()
                .filter(node -> node.address().equals(address))
                .map(NodeState::name)
                .findFirst()
                .orElse(address);
    }

    /** The passive ports that some node could not open. A client with such a port could be sent to that node. */
    default Set<Integer> closedPorts() {
        return nodes().stream().flatMap(node -> node.closedPorts().stream()).collect(Collectors.toSet());
    }
}
