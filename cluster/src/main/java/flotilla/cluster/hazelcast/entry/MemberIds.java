package flotilla.cluster.hazelcast.entry;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import java.util.UUID;

/**
 * The ids of members, one for each start of a process. Hazelcast gives a member another uuid when two clusters merge; what its
 * sessions hold is still theirs.
 */
public final class MemberIds {
    private static final String ATTRIBUTE = "flotilla.id";
    private static final String KEEPS_HOLDS = "flotilla.holds";

    private MemberIds() {}

    public static void give(Config config) {
        config.getMemberAttributeConfig()
                .setAttribute(ATTRIBUTE, UUID.randomUUID().toString())
                .setAttribute(KEEPS_HOLDS, "1");
    }

    /** Whether all members keep in mind who holds what of a quota: none is of the release before. */
    public static boolean allKeepHolds(HazelcastInstance hazelcast) {
        return hazelcast.getCluster().getMembers().stream()
                .allMatch(member -> member.getAttribute(KEEPS_HOLDS) != null);
    }

    public static UUID of(Member member) {
        return UUID.fromString(member.getAttribute(ATTRIBUTE));
    }
}
