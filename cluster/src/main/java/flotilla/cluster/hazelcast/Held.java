package flotilla.cluster.hazelcast;

import java.util.UUID;

/** A value that members hold parts of. */
interface Held {
    /** Drops what a member holds and says how much that was. */
    int drop(UUID member);

    boolean isEmpty();
}
