package flotilla.node.data;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.QuotaLedger;
import flotilla.cluster.RateShares;
import java.util.function.BooleanSupplier;

/**
 * What data connections ask of the cluster.
 *
 * @param node name of this node
 * @param mayWrite as {@link ClusterNode#mayWrite}
 */
public record SharedState(String node, QuotaLedger quotas, RateShares rates, BooleanSupplier mayWrite) {
    public static SharedState of(ClusterNode cluster) {
        return new SharedState(cluster.name(), cluster.quotas(), cluster.rates(), cluster::mayWrite);
    }
}
