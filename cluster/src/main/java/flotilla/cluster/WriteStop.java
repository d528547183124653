package flotilla.cluster;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The switch that makes all nodes refuse changes of files, for maintenance. It holds until it is lifted, or until all
 * nodes have ended.
 *
 * <p>Stages fail when the cluster does not answer within {@link ClusterSettings.Operations#timeout}. The change may have
 * been made all the same.
 */
public interface WriteStop {
    /**
     * The stop in force.
     *
     * @param reason for clients and operators; may be empty
     * @param since when it began
     */
    record Stop(String reason, Instant since) {}

    /** The stop in force; empty when files may change. Reads this node's memory and never blocks. */
    Optional<Stop> find();

    /** Stops changes on every node from now on. A later reason replaces an earlier one. */
    CompletionStage<Stop> stop(String reason);

    /**
     * Stops changes, or allows them again, if the stop still is as the caller knows it.
     *
     * @param before the stop as it was; empty when files could change
     * @param after the stop from now on; empty allows changes
     * @return false, without a change, when the stop is another by now
     */
    CompletionStage<Boolean> replace(Optional<Stop> before, Optional<Stop> after);

    /** Allows changes again. Completes with false if they were allowed. */
    CompletionStage<Boolean> lift();
}
