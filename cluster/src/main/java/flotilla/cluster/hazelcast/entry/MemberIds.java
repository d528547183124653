package flotilla.cluster.hazelcast.entry;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import java.util.UUID;

/**
 * The ids of members, a new one for each start of a process. Hazelcast's own uuid is not used: Hazelcast replaces it
 * when two clusters merge, but the sessions of the member keep what they hold.
 */
public final class MemberIds {
    private static final String ATTRIBUTE = "flotilla.id";
    private static final String KEEPS_HOLDS = "flotilla.holds";

    private MemberIds() {}

    /** Gives the member of this configuration a new random id, and notes that this release knows holds of quotas. */
    public static void give(Config config) {
        config.getMemberAttributeConfig()
                .setAttribute(ATTRIBUTE, UUID.randomUUID().toString())
                .setAttribute(KEEPS_HOLDS, "1");
    }

    /** Whether all members know holds of quotas, so that none is of the previous release. */
    public static boolean allKeepHolds(HazelcastInstance hazelcast) {
        return hazelcast.getCluster().getMembers().stream()
                .allMatch(member -> member.getAttribute(KEEPS_HOLDS) != null);
    }

    /** The id of a member. */
    public static UUID of(Member member) {
        return UUID.fromString(member.getAttribute(ATTRIBUTE));
    }
}
