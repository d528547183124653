package flotilla.cluster.hazelcast.member;

import com.hazelcast.cluster.Address;
import flotilla.cluster.forming.PekkoMembership;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.cluster.Member;

/** Pekko's members as Hazelcast addresses: each has its Hazelcast port as a role. */
public record MemberAddresses(PekkoMembership pekko) {
    /** Where Hazelcast may be found: on those that the cluster goes on with, and while that is not clear on those that nobody misses. */
    public List<Address> reachable() {
        return pekko.reachable().stream()
                .map(MemberAddresses::addressOf)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Where Hazelcast has to be when both agree: on all members that are up. */
    Set<Address> expected() {
        return pekko.up().stream()
                .map(MemberAddresses::addressOf)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }

    /** Members that this one cannot reach, or whose Hazelcast is not {@code present}. */
    Set<org.apache.pekko.actor.Address> suspects(Collection<Address> present) {
        return pekko.suspects(
                member -> addressOf(member).filter(present::contains).isPresent());
    }

    /** Whether no member is at this Hazelcast address that was not declared dead or has not left. */
    public boolean isGone(Address address) {
        return pekko.staying().stream()
                .noneMatch(member -> addressOf(member).filter(address::equals).isPresent());
    }

    /** Hazelcast of the member that has been up for longest; empty when that is this one. */
    public Optional<Address> oldestOther() {
        return pekko.oldestOther().flatMap(MemberAddresses::addressOf);
    }

    private static Optional<Address> addressOf(Member member) {
        return PekkoMembership.hazelcastPort(member)
                .flatMap(port -> address(member.address().getHost().orElse(""), port));
    }

    private static Optional<Address> address(String host, String port) {
        try {
            return Optional.of(new Address(host, Integer.parseInt(port)));
        } catch (UnknownHostException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
