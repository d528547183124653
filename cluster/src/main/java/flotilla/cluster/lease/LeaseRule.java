package flotilla.cluster.lease;

import flotilla.cluster.ClusterLease;
import java.time.Duration;
import java.util.Optional;

/** What a lease means to a cluster. */
enum LeaseRule {
    /** Nobody has the place, or who had it renews it no more: it may be taken. */
    FREE,
    /** It is this cluster's. */
    OWN,
    /** It is another cluster's, which may have ended: this must be watched. */
    WATCHED,
    /** It is that of another cluster, which renews it. */
    ANOTHERS;

    /**
     * The rule. It knows no clock but the asker's own.
     *
     * @param lease what the place holds
     * @param own the id of the cluster that asks
     * @param moved whether the lease was seen to change since it was seen first
     * @param still for how long the asker has seen it unchanged
     * @param wait after which one that does not change counts no more
     */
    static LeaseRule of(Optional<ClusterLease> lease, String own, boolean moved, Duration still, Duration wait) {
        if (lease.isEmpty()) {
            return FREE;
        }
        if (lease.get().clusterId().equals(own)) {
            return OWN;
        }
        if (still.compareTo(wait) >= 0) {
            return FREE;
        }
        return moved ? ANOTHERS : WATCHED;
    }
}
