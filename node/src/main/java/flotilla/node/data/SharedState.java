package flotilla.node.data;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.Freezes;
import flotilla.cluster.QuotaLedger;
import flotilla.cluster.RateShares;
import java.util.function.BooleanSupplier;

/**
 * The part of the cluster that data connections use.
 *
 * @param node name of this node
 * @param quotas the usage of homes with a quota
 * @param rates the bandwidth of users over all nodes
 * @param freezes what is frozen
 * @param mayWrite see {@link ClusterNode#mayWrite}
 */
public record SharedState(
        String node, QuotaLedger quotas, RateShares rates, Freezes freezes, BooleanSupplier mayWrite) {
    /** Returns the view of a cluster node. */
    public static SharedState of(ClusterNode cluster) {
        return new SharedState(cluster.name(), cluster.quotas(), cluster.rates(), cluster.freezes(), cluster::mayWrite);
    }
}
