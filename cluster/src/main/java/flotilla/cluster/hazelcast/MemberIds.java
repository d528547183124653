package flotilla.cluster.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import java.util.UUID;

/**
 * The ids of members, one for each start of a process. Hazelcast gives a member another uuid when two clusters merge; what its
 * sessions hold is still theirs.
 */
final class MemberIds {
    private static final String ATTRIBUTE = "flotilla.id";

    private MemberIds() {}

    static void give(Config config) {
        config.getMemberAttributeConfig()
                .setAttribute(ATTRIBUTE, UUID.randomUUID().toString());
    }

    static UUID of(Member member) {
        return UUID.fromString(member.getAttribute(ATTRIBUTE));
    }
}
