package flotilla.cluster.hazelcast.entry;

import java.util.UUID;

/** A value that members hold parts of. */
public interface HeldByMembers {
    /** Drops what a member holds and says how much that was. */
    int drop(UUID member);

    boolean isEmpty();
}
