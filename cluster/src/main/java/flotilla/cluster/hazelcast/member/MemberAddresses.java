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

/**
 * Pekko's members as Hazelcast addresses. A role of each member carries its Hazelcast port.
 *
 * @param pekko the memberships of this node
 */
public record MemberAddresses(PekkoMembership pekko) {
    /**
     * The addresses on which Hazelcast may be found: those of the members that the cluster goes on with. While that is
     * not clear, these are the addresses of the members that no member misses.
     */
    public List<Address> reachable() {
        return pekko.reachable().stream()
                .map(MemberAddresses::addressOf)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The addresses that Hazelcast has when both memberships agree: those of all members that are up. */
    Set<Address> expected() {
        return pekko.up().stream()
                .map(MemberAddresses::addressOf)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }

    /** The members that this one cannot reach, or whose Hazelcast is not among {@code present}. */
    Set<org.apache.pekko.actor.Address> suspects(Collection<Address> present) {
        return pekko.suspects(
                member -> addressOf(member).filter(present::contains).isPresent());
    }

    /** Whether every member at this Hazelcast address has left or was declared dead. */
    public boolean isGone(Address address) {
        return pekko.staying().stream()
                .noneMatch(member -> addressOf(member).filter(address::equals).isPresent());
    }

    /** The Hazelcast address of the oldest member; empty when this node is the oldest. */
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
