package flotilla.cluster.forming;

import flotilla.cluster.leaving.Sight;
import flotilla.cluster.leaving.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.remote.DefaultFailureDetectorRegistry;
import org.apache.pekko.remote.FailureDetectorRegistry;
import org.jspecify.annotations.Nullable;

/** This member's knowledge of Pekko's members. No method blocks. */
public final class PekkoMembership implements Pulse.Company {
    /** Prefix of the role that holds the Hazelcast port. */
    static final String PORT_ROLE = "hz-";

    /** Prefix of the role that holds the node's name. */
    static final String NAME_ROLE = "name-";

    /** More answers than can have been under way at a moment. So many prove that a member has answered since. */
    private static final long ANSWERS_THAT_PROVE = 3;

    private final Cluster cluster;
    private final org.apache.pekko.cluster.Cluster classic;
    private final FailureDetectorRegistry<Address> watched;

    /** The knowledge of the member that {@code system} is. */
    public PekkoMembership(ActorSystem<?> system) {
        cluster = Cluster.get(system);
        classic = org.apache.pekko.cluster.Cluster.get(Adapter.toClassic(system));
        watched = classic.failureDetector();
    }

    /**
     * The members that the cluster goes on with. While that is not clear, these are the members that no member misses.
     */
    public List<Member> reachable() {
        CurrentClusterState state = cluster.state();
        Set<UniqueAddress> staying = Verdict.of(Sights.of(classic)).staying();
        Set<Member> unreachable = state.getUnreachable();
        List<Member> reachable = new ArrayList<>();
        for (Member member : state.getMembers()) {
            boolean isWell =
                    staying.isEmpty() ? !unreachable.contains(member) : staying.contains(member.uniqueAddress());
            if (isWell && !isGone(member)) {
                reachable.add(member);
            }
        }
        return reachable;
    }

    /** All members that are up. */
    public List<Member> up() {
        return members(member -> member.status().equals(MemberStatus.up()));
    }

    /** All members that have neither left nor been declared dead. */
    public List<Member> staying() {
        return members(PekkoMembership::isStaying);
    }

    private List<Member> members(Predicate<Member> which) {
        List<Member> members = new ArrayList<>();
        for (Member member : cluster.state().getMembers()) {
            if (which.test(member)) {
                members.add(member);
            }
        }
        return members;
    }

    /** The members that this one cannot reach, or that are up and not {@code present} elsewhere. */
    public Set<Address> suspects(Predicate<Member> present) {
        CurrentClusterState state = cluster.state();
        Set<Address> suspects = new HashSet<>();
        for (Member member : state.getMembers()) {
            boolean isLost = state.getUnreachable().contains(member)
                    || member.status().equals(MemberStatus.up()) && !present.test(member);
            if (isLost && !isGone(member) && !member.equals(cluster.selfMember())) {
                suspects.add(member.address());
            }
        }
        return suspects;
    }

    @Override
    public boolean isAlone() {
        return cluster.state().members().size() <= 1;
    }

    @Override
    public boolean isRemoved() {
        return cluster.isTerminated() || isGone(classic.selfMember());
    }

    /** Whether the cluster goes on with this member if the present links last. */
    @Override
    public boolean isKept() {
        return Verdict.of(Sights.of(classic)).keeps(classic.selfUniqueAddress());
    }

    /** Members answer heartbeats of members only; a removed member is told that it was removed. */
    @Override
    public BooleanSupplier answersFromNow() {
        Map<Address, Long> before = new HashMap<>();
        return () -> {
            int others = 0;
            int answered = 0;
            for (Member member : cluster.state().getMembers()) {
                ProvableFailureDetector detector = detector(member.address());
                if (detector != null && !isGone(member)) {
                    long answers = detector.answers();
                    others++;
                    answered +=
                            answers - before.computeIfAbsent(member.address(), first -> answers) >= ANSWERS_THAT_PROVE
                                    ? 1
                                    : 0;
                }
            }
            return 2 * (answered + 1) > others + 1;
        };
    }

    /**
     * Whether this member is among those that the cluster goes on with, and these are a majority even without the lost
     * one.
     */
    public boolean isKeptWithout(Address gone) {
        Sight<UniqueAddress> sight = Sights.of(classic);
        Set<UniqueAddress> rest = new HashSet<>(Verdict.of(sight).staying());
        rest.removeIf(member -> member.address().equals(gone));
        return rest.contains(classic.selfUniqueAddress()) && sight.areMost(rest);
    }

    /**
     * Declares a member dead whose process has ended, so that it is removed and cannot return as the same incarnation.
     * Pekko does not remove a member that still counts as reachable, so the detectors of its heartbeats are told, too.
     */
    public void downEnded(Address member) {
        ProvableFailureDetector detector = detector(member);
        if (detector != null) {
            detector.proveEnd();
        }
        cluster.manager().tell(Down.apply(member));
    }

    /** The detector of a member; null for members that this one does not watch. */
    private @Nullable ProvableFailureDetector detector(Address member) {
        return watched instanceof DefaultFailureDetectorRegistry<Address> detectors
                        && detectors.failureDetector(member).getOrElse(() -> null)
                                instanceof ProvableFailureDetector detector
                ? detector
                : null;
    }

    /** Whether this member has a role. */
    public boolean hasRole(String role) {
        return cluster.selfMember().hasRole(role);
    }

    /** Whether this member is up. */
    public boolean selfIsUp() {
        return !cluster.isTerminated() && cluster.selfMember().status().equals(MemberStatus.up());
    }

    /** The oldest member; empty when that is this one. */
    public Optional<Member> oldestOther() {
        Member oldest = cluster.selfMember();
        for (Member member : cluster.state().getMembers()) {
            if (member.status().equals(MemberStatus.up()) && member.isOlderThan(oldest)) {
                oldest = member;
            }
        }
        return oldest.equals(cluster.selfMember()) ? Optional.empty() : Optional.of(oldest);
    }

    /** The older members that the cluster goes on with. */
    Set<Address> older() {
        Set<UniqueAddress> staying = Verdict.of(Sights.of(classic)).staying();
        Set<Address> older = new HashSet<>();
        for (Member member : cluster.state().getMembers()) {
            if (staying.contains(member.uniqueAddress()) && member.isOlderThan(cluster.selfMember())) {
                older.add(member.address());
            }
        }
        return older;
    }

    /** The members that stay, {@code name@host:port} of each. This one is always among them. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        Member self = cluster.selfMember();
        for (Member member : cluster.state().getMembers()) {
            if (member.equals(self) || isStaying(member)) {
                names.add(name(member));
            }
        }
        if (!names.contains(name(self))) {
            names.add(name(self));
        }
        return names;
    }

    private static boolean isStaying(Member member) {
        return member.status().equals(MemberStatus.up())
                || member.status().equals(MemberStatus.weaklyUp())
                || member.status().equals(MemberStatus.joining());
    }

    private static String name(Member member) {
        return role(member, NAME_ROLE).orElse("")
                + '@'
                + member.address().hostPort().replaceFirst("^.*@", "");
    }

    /** The address of an older member with this member's name; empty when there is none. */
    Optional<Address> namesake() {
        Member self = cluster.selfMember();
        for (Member member : cluster.state().getMembers()) {
            if (!isGone(member)
                    && member.isOlderThan(self)
                    && role(member, NAME_ROLE).isPresent()
                    && role(member, NAME_ROLE).equals(role(self, NAME_ROLE))) {
                return Optional.of(member.address());
            }
        }
        return Optional.empty();
    }

    private static boolean isGone(Member member) {
        return member.status().equals(MemberStatus.down()) || member.status().equals(MemberStatus.removed());
    }

    /** The Hazelcast port of a member, from its role; empty when it has none. */
    public static Optional<String> hazelcastPort(Member member) {
        return role(member, PORT_ROLE);
    }

    private static Optional<String> role(Member member, String prefix) {
        return member.getRoles().stream()
                .filter(role -> role.startsWith(prefix))
                .map(role -> role.substring(prefix.length()))
                .findFirst();
    }
}
