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

/** What this member knows of Pekko's members. */
public final class PekkoMembership implements Pulse.Company {
    /** What the role with the Hazelcast port starts with. */
    static final String PORT_ROLE = "hz-";

    /** What the role with the name of the node starts with. */
    static final String NAME_ROLE = "name-";

    /** So many answers after a moment cannot all have been on their way before. */
    private static final long ANSWERS_THAT_PROVE = 3;

    private final Cluster cluster;
    private final org.apache.pekko.cluster.Cluster classic;
    private final FailureDetectorRegistry<Address> watched;

    public PekkoMembership(ActorSystem<?> system) {
        cluster = Cluster.get(system);
        classic = org.apache.pekko.cluster.Cluster.get(Adapter.toClassic(system));
        watched = classic.failureDetector();
    }

    /** The members that the cluster goes on with, and while that is not clear those that nobody misses. */
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

    /** All members that were not declared dead and have not left. */
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

    /** Members that this one cannot reach, or that are up and not {@code present} elsewhere. */
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

    /** Whether the cluster goes on with this member, should who hears whom stay as it is. */
    @Override
    public boolean isKept() {
        return Verdict.of(Sights.of(classic)).keeps(classic.selfUniqueAddress());
    }

    /** Members answer only who is one of them: one that was removed is told so instead. */
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

    /** Whether those that the cluster goes on with, this one among them, are most of the members without one that is gone, too. */
    public boolean isKeptWithout(Address gone) {
        Sight<UniqueAddress> sight = Sights.of(classic);
        Set<UniqueAddress> rest = new HashSet<>(Verdict.of(sight).staying());
        rest.removeIf(member -> member.address().equals(gone));
        return rest.contains(classic.selfUniqueAddress()) && sight.areMost(rest);
    }

    /**
     * Declares a member dead whose process has ended: it will be removed, and must not come back as it is. Pekko removes none that still
     * counts as reachable, so those that watch its heartbeats are told, too.
     */
    public void downEnded(Address member) {
        ProvableFailureDetector detector = detector(member);
        if (detector != null) {
            detector.proveEnd();
        }
        cluster.manager().tell(Down.apply(member));
    }

    /** Null for members that this one does not watch. */
    private @Nullable ProvableFailureDetector detector(Address member) {
        return watched instanceof DefaultFailureDetectorRegistry<Address> detectors
                        && detectors.failureDetector(member).getOrElse(() -> null)
                                instanceof ProvableFailureDetector detector
                ? detector
                : null;
    }

    public boolean hasRole(String role) {
        return cluster.selfMember().hasRole(role);
    }

    public boolean selfIsUp() {
        return !cluster.isTerminated() && cluster.selfMember().status().equals(MemberStatus.up());
    }

    /** The member that has been up for longest; empty when that is this one. */
    public Optional<Member> oldestOther() {
        Member oldest = cluster.selfMember();
        for (Member member : cluster.state().getMembers()) {
            if (member.status().equals(MemberStatus.up()) && member.isOlderThan(oldest)) {
                oldest = member;
            }
        }
        return oldest.equals(cluster.selfMember()) ? Optional.empty() : Optional.of(oldest);
    }

    /** Members that have been up for longer than this one and that the cluster goes on with. */
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

    /** Those that stay, {@code name@host:port} of each; this one is always among them. */
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

    /** Where an older member has the name of this one. */
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

    /** The Hazelcast port of a member, as it says itself. */
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
