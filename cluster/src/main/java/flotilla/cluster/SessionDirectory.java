package flotilla.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The records of the cluster's sessions. Each incarnation of a session claims its record and gets a higher epoch. A
 * write with an older epoch is refused, so that a node that was taken for dead cannot overwrite the record of its
 * successor.
 *
 * <p>Stages fail when the cluster does not answer in time, and when a record cannot be sealed, opened or decoded. A
 * write may have been carried out all the same.
 */
public interface SessionDirectory {
    /**
     * The record of a session.
     *
     * @param sessionId id of the session
     * @param epoch number of the incarnation that wrote it, from 1
     * @param node name of the node that runs the session
     * @param state everything that the session needs to continue elsewhere; a registered wire type
     */
    record SessionRecord(String sessionId, long epoch, String node, Object state) {}

    /** Claims a session for this node: raises the epoch and completes with the record; with empty if there is none. */
    CompletionStage<Optional<SessionRecord>> claim(String sessionId);

    /**
     * Writes state under {@code epoch}, and creates the record when it is absent. Completes with false when a newer
     * incarnation holds the session. The record goes when the holder's member goes.
     */
    CompletionStage<Boolean> save(Holder holder, long epoch, Object state);

    /** Removes a record unless a newer incarnation holds it. */
    CompletionStage<Void> remove(String sessionId, long epoch);

    /** Up to {@code limit} records of the whole cluster. */
    CompletionStage<List<SessionRecord>> list(int limit);

    /** The number of records in the whole cluster. May block. */
    int size();
}
