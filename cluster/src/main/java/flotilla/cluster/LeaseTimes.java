package flotilla.cluster;

import java.time.Duration;

/**
 * How a cluster keeps its leases.
 *
 * @param clusterName for people, in messages of other clusters
 * @param renew how often each member looks whether the lease was renewed, and renews it otherwise
 * @param patience after which the lease of another cluster counts no more when it was not renewed
 */
public record LeaseTimes(String clusterName, Duration renew, Duration patience) {
    /** The usual ones. */
    public static final LeaseTimes USUAL = new LeaseTimes("flotilla", Duration.ofSeconds(3), Duration.ofSeconds(10));
}
