package flotilla.cluster;

import java.util.concurrent.CompletionStage;

/**
 * Rates that transfers on several nodes share. Nodes repeat their reports while transfers run; a node that has been
 * silent for 5 s no longer counts.
 *
 * <p>Stages fail when the cluster does not answer within {@link ClusterSettings.Operations#timeout}.
 */
public interface RateShares {
    /**
     * Reports how many transfers of this node share a rate.
     *
     * @param key names the rate
     * @param own number of this node's transfers; 0 when there are none any more
     * @return the number of transfers in the whole cluster, at least {@code own}
     */
    CompletionStage<Integer> report(String key, int own);
}
