package flotilla.cluster;

import java.io.IOException;
import java.util.Optional;

/** A place that nodes share and that holds one {@link ClusterLease} or none. Every method blocks, and fails when the place does not answer. */
public interface LeaseStore {
    /** What this is and where, for messages. */
    String place();

    /** The configuration key that names it. */
    String key();

    /** Whether no cluster is formed while it does not answer. */
    boolean isNeeded();

    Optional<ClusterLease> read() throws IOException;

    /** Puts {@code next} there if it still holds exactly {@code seen}; false when it does not. */
    boolean replace(Optional<ClusterLease> seen, ClusterLease next) throws IOException;

    /** Removes the lease if it is still exactly {@code seen}; false when it is not. */
    boolean remove(ClusterLease seen) throws IOException;
}
