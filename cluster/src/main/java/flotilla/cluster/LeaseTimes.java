package flotilla.cluster;

import java.time.Duration;

/**
 * The timing of a cluster's leases.
 *
 * @param clusterName name for people, in messages of other clusters
 * @param renew time between two looks of a member at a lease; the member renews it unless another one has
 * @param patience time without a renewal after which the lease of another cluster no longer counts
 */
public record LeaseTimes(String clusterName, Duration renew, Duration patience) {
    /** The usual times. */
    public static final LeaseTimes USUAL = new LeaseTimes("flotilla", Duration.ofSeconds(3), Duration.ofSeconds(10));
}
