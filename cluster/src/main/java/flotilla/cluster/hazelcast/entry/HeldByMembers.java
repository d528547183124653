package flotilla.cluster.hazelcast.entry;

import java.util.UUID;

/** A value whose parts belong to members of the cluster. An empty value is removed from its map. */
public interface HeldByMembers {
    /**
     * Drops every part that the member holds.
     *
     * @param member id of the member, as in {@link MemberIds}
     * @return the number of dropped parts
     */
    int drop(UUID member);

    /** Whether no member holds a part. */
    boolean isEmpty();
}
