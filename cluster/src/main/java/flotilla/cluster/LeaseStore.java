package flotilla.cluster;

import java.io.IOException;
import java.util.Optional;

/**
 * A place that nodes share, such as a database or a storage. It holds one {@link ClusterLease} or none. Every method
 * that throws {@link IOException} blocks, and throws it when the place does not answer.
 */
public interface LeaseStore {
    /** Kind and location of the place, for messages. */
    String place();

    /** The configuration key that names the place. */
    String key();

    /** Whether no cluster may be formed while the place does not answer. */
    boolean isNeeded();

    /** The lease that the place holds now; empty for none. */
    Optional<ClusterLease> read() throws IOException;

    /**
     * Stores {@code next} if the place still holds exactly {@code seen}. Returns false, and changes nothing, when it
     * does not.
     */
    boolean replace(Optional<ClusterLease> seen, ClusterLease next) throws IOException;

    /** Removes the lease if it is still exactly {@code seen}. Returns false, and changes nothing, when it is not. */
    boolean remove(ClusterLease seen) throws IOException;
}
