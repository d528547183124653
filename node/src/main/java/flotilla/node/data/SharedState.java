package flotilla.node.data;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.QuotaLedger;
import flotilla.cluster.RateShares;
import java.util.function.BooleanSupplier;

/**
 * What data connections ask of the cluster.
 *
 * @param mayWrite as {@link ClusterNode#mayWrite}
 */
public record SharedState(QuotaLedger quotas, RateShares rates, BooleanSupplier mayWrite) {
    public static SharedState of(ClusterNode cluster) {
        return new SharedState(cluster.quotas(), cluster.rates(), cluster::mayWrite);
    }
}
