package flotilla.cluster;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The nodes that belong to the cluster, also those that are away. They are in the database of the accounts. A node is on
 * the roll from its first start until it is forgotten.
 *
 * <p>Stages fail when the database does not answer in time.
 */
public interface Roll {
    /** Most nodes of an answer. */
    int MOST = 10_000;

    /**
     * A node.
     *
     * @param address address of its ports for other nodes
     * @param seen when it was last a member, some seconds old for one that was lost
     * @param inOrder whether it has left in order; false while it is a member
     */
    record Entry(String name, String address, Instant seen, boolean inOrder) {}

    /** The nodes by name, at most {@link #MOST}. */
    CompletionStage<List<Entry>> all();

    /** Removes a node. Completes with false when it is not on the roll. A member comes back by itself. */
    CompletionStage<Boolean> forget(String name);
}
