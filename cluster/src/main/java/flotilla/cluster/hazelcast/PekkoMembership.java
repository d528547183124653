package flotilla.cluster.hazelcast;

import com.hazelcast.cluster.Address;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.remote.DefaultFailureDetectorRegistry;
import org.apache.pekko.remote.FailureDetectorRegistry;

/** Pekko's members as Hazelcast addresses: each has its Hazelcast port as a role. */
final class PekkoMembership {
    /** What the role with the Hazelcast port starts with. */
    static final String PORT_ROLE = "hz-";

    private final Cluster cluster;
    private final FailureDetectorRegistry<org.apache.pekko.actor.Address> watched;

    PekkoMembership(ActorSystem<?> system) {
        cluster = Cluster.get(system);
        watched =
                org.apache.pekko.cluster.Cluster.get(Adapter.toClassic(system)).failureDetector();
    }

    /** Where Hazelcast may be found. */
    List<Address> reachable() {
        CurrentClusterState state = cluster.state();
        Set<Member> unreachable = state.getUnreachable();
        List<Address> addresses = new ArrayList<>();
        for (Member member : state.getMembers()) {
            if (!unreachable.contains(member) && !isGone(member)) {
                addressOf(member).ifPresent(addresses::add);
            }
        }
        return addresses;
    }

    /** Where Hazelcast has to be when both agree: on all members that are up. */
    Set<Address> expected() {
        Set<Address> addresses = new HashSet<>();
        for (Member member : cluster.state().getMembers()) {
            if (member.status().equals(MemberStatus.up())) {
                addressOf(member).ifPresent(addresses::add);
            }
        }
        return addresses;
    }

    /** Members that this one cannot reach, or whose Hazelcast is not {@code present}. */
    Set<org.apache.pekko.actor.Address> suspects(Set<Address> present) {
        CurrentClusterState state = cluster.state();
        Set<org.apache.pekko.actor.Address> suspects = new HashSet<>();
        for (Member member : state.getMembers()) {
            boolean isLost = state.getUnreachable().contains(member)
                    || member.status().equals(MemberStatus.up())
                            && addressOf(member).filter(present::contains).isEmpty();
            if (isLost && !isGone(member) && !member.equals(cluster.selfMember())) {
                suspects.add(member.address());
            }
        }
        return suspects;
    }

    /** Whether no member is at this Hazelcast address that was not declared dead or has not left. */
    boolean isGone(Address address) {
        for (Member member : cluster.state().getMembers()) {
            boolean stays = member.status().equals(MemberStatus.up())
                    || member.status().equals(MemberStatus.weaklyUp())
                    || member.status().equals(MemberStatus.joining());
            if (stays && addressOf(member).filter(address::equals).isPresent()) {
                return false;
            }
        }
        return true;
    }

    boolean isAlone() {
        return cluster.state().members().size() <= 1;
    }

    /** Whether this member can reach more than half of all, itself included. */
    boolean seesMost() {
        CurrentClusterState state = cluster.state();
        int all = state.members().size();
        return all <= 1 || 2 * (all - state.getUnreachable().size()) > all;
    }

    /** The same with one more that is gone. */
    boolean seesMostWithout(org.apache.pekko.actor.Address gone) {
        CurrentClusterState state = cluster.state();
        Set<org.apache.pekko.actor.Address> lost = new HashSet<>(Set.of(gone));
        state.getUnreachable().forEach(member -> lost.add(member.address()));
        int all = state.members().size();
        return 2 * (all - lost.size()) > all;
    }

    /**
     * Declares a member dead whose process has ended: it will be removed, and must not come back as it is. Pekko removes none that still
     * counts as reachable, so those that watch its heartbeats are told, too.
     */
    void downEnded(org.apache.pekko.actor.Address member) {
        if (watched instanceof DefaultFailureDetectorRegistry<org.apache.pekko.actor.Address> detectors
                && detectors.failureDetector(member).getOrElse(() -> null)
                        instanceof ProvableFailureDetector detector) {
            detector.proveEnd();
        }
        cluster.manager().tell(Down.apply(member));
    }

    boolean hasRole(String role) {
        return cluster.selfMember().hasRole(role);
    }

    boolean selfIsUp() {
        return !cluster.isTerminated() && cluster.selfMember().status().equals(MemberStatus.up());
    }

    /** Hazelcast of the member that has been up for longest; empty when that is this one. */
    Optional<Address> oldestOther() {
        Member oldest = cluster.selfMember();
        for (Member member : cluster.state().getMembers()) {
            if (member.status().equals(MemberStatus.up()) && member.isOlderThan(oldest)) {
                oldest = member;
            }
        }
        return oldest.equals(cluster.selfMember()) ? Optional.empty() : addressOf(oldest);
    }

    private static boolean isGone(Member member) {
        return member.status().equals(MemberStatus.down()) || member.status().equals(MemberStatus.removed());
    }

    private static Optional<Address> addressOf(Member member) {
        return role(member, PORT_ROLE)
                .flatMap(port -> address(member.address().getHost().orElse(""), port));
    }

    private static Optional<String> role(Member member, String prefix) {
        return member.getRoles().stream()
                .filter(role -> role.startsWith(prefix))
                .map(role -> role.substring(prefix.length()))
                .findFirst();
    }

    private static Optional<Address> address(String host, String port) {
        try {
            return Optional.of(new Address(host, Integer.parseInt(port)));
        } catch (UnknownHostException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
