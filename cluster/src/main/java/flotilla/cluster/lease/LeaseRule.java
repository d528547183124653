package flotilla.cluster.lease;

import flotilla.cluster.ClusterLease;
import java.time.Duration;
import java.util.Optional;

/** The meaning of a lease to a cluster that looks at it. */
enum LeaseRule {
    /** The place may be taken: it has no lease, or its cluster no longer renews the lease. */
    FREE,
    /** The place belongs to this cluster. */
    OWN,
    /** The place belongs to another cluster, which may have ended. The lease must be watched. */
    WATCHED,
    /** The place belongs to another cluster, which renews the lease. */
    ANOTHERS;

    /**
     * Decides by the asker's clock alone.
     *
     * @param lease the lease that the place holds
     * @param own id of the cluster that asks
     * @param moved whether the lease has changed since the first look
     * @param still time since the asker has seen it change
     * @param wait time after which an unchanged lease no longer counts
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
