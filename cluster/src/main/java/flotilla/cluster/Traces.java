package flotilla.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The traced users, addresses and sessions. Every node logs their commands and replies until a time.
 *
 * <p>Stages fail when the cluster does not answer within {@link ClusterSettings.Operations#timeout}. Some of the changes
 * may have been made all the same.
 */
public interface Traces {
    /** Whether the user, the address or the session is traced now. Reads this node's memory and never blocks. */
    boolean follows(String user, String address, String session);

    /**
     * Traces exactly these targets from now on, on every node. Traces of other targets end; without targets all traces
     * end.
     *
     * @param targets names of users, texts of addresses, ids of sessions
     * @param duration time after which the traces end
     */
    CompletionStage<Void> follow(Set<String> targets, Duration duration);

    /** The traced targets, each with the end of its trace. Reads this node's memory. */
    Map<String, Instant> list();
}
