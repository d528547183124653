package flotilla.cluster.forming;

import flotilla.cluster.leaving.Sight;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.Reachability;
import org.apache.pekko.cluster.UniqueAddress;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Reads from Pekko which members hear each other. Pekko knows it from this member's heartbeats and from the gossip of
 * others.
 */
final class Sights {
    private static final Set<MemberStatus> COUNTED = Set.of(MemberStatus.up(), MemberStatus.leaving());
    private static final Set<MemberStatus> COMING = Set.of(MemberStatus.joining(), MemberStatus.weaklyUp());

    private Sights() {}

    /** The present sight of this member. Members that are down or about to be removed are no part of it. */
    static Sight<UniqueAddress> of(Cluster cluster) {
        List<Member> counted = new ArrayList<>();
        List<Member> coming = new ArrayList<>();
        for (Member member : cluster.state().getMembers()) {
            if (COUNTED.contains(member.status())) {
                counted.add(member);
            } else if (COMING.contains(member.status())) {
                coming.add(member);
            }
        }
        counted.sort((one, other) -> one.equals(other) ? 0 : one.isOlderThan(other) ? -1 : 1);
        coming.sort(Comparator.comparing(member -> member.uniqueAddress().toString()));
        return new Sight<>(
                addresses(counted), addresses(coming), deaf(cluster.readView().reachability()));
    }

    private static Map<UniqueAddress, Set<UniqueAddress>> deaf(Reachability reachability) {
        Map<UniqueAddress, Set<UniqueAddress>> deaf = new HashMap<>();
        for (Reachability.Record record : CollectionConverters.asJava(reachability.records())) {
            if (!reachability.isReachable(record.observer(), record.subject())) {
                deaf.computeIfAbsent(record.observer(), none -> new HashSet<>()).add(record.subject());
            }
        }
        return deaf;
    }

    private static List<UniqueAddress> addresses(List<Member> members) {
        return members.stream().map(Member::uniqueAddress).toList();
    }
}
