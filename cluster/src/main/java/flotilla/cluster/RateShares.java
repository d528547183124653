package flotilla.cluster;

import java.util.concurrent.CompletionStage;

/** Rates that transfers on several nodes share. Reports are repeated while transfers run: a node that falls silent counts no more. */
public interface RateShares {
    /**
     * Says how many transfers of this node share a rate.
     *
     * @param key of the rate
     * @param own 0 when there are none any more
     * @return how many there are in the whole cluster, at least {@code own}
     */
    CompletionStage<Integer> report(String key, int own);
}
