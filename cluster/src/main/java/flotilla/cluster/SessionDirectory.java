package flotilla.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The records of the cluster's sessions. Each incarnation of a session claims its record and gets a higher epoch; a write
 * with an older epoch is refused, so that a node that was thought dead cannot overwrite what its successor did.
 */
public interface SessionDirectory {
    /**
     * What is kept of a session.
     *
     * @param epoch incarnation that wrote it, from 1
     * @param node name of the node that owns the session actor
     * @param state what the session needs to go on elsewhere; a registered wire type
     */
    record SessionRecord(String sessionId, long epoch, String node, Object state) {}

    /** Claims the session for this node: the record with its epoch raised, or empty if there is none. */
    CompletionStage<Optional<SessionRecord>> claim(String sessionId);

    /**
     * Writes state under {@code epoch}; false when a newer incarnation holds the session. Creates the record when absent; it goes with
     * the holder's member.
     */
    CompletionStage<Boolean> save(Holder holder, long epoch, Object state);

    /** Removes the record unless a newer incarnation holds it. */
    CompletionStage<Void> remove(String sessionId, long epoch);

    /** Up to {@code limit} records of the whole cluster. */
    CompletionStage<List<SessionRecord>> list(int limit);

    /** Records in the whole cluster. */
    int size();
}
