package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.util.List;

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
     */
    record NodeState(
            @Tag(1) String name,
            @Tag(2) String address,
            @Tag(3) String shards,
            @Tag(4) boolean worker,
            @Tag(5) boolean draining,
            @Tag(6) int sessions,
            @Tag(7) String version)
            implements Wire {}

    /** Tells the others about this node, if it has changed. */
    void post(boolean draining, int sessions);

    /** The members of the cluster that have posted something. */
    List<NodeState> nodes();
}
