package flotilla.cluster.leaving;

import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The rule that decides which members stay and which leave. It depends on nothing but the links between members.
 *
 * <p>The cluster goes on with the connected part of its members that is a majority. From that part the member with the
 * most broken links leaves, the youngest of several, and then the next one, until all that are left hear each other. If
 * these are no majority of all members, no member leaves and all wait. That happens when every member accuses every
 * other one, which means that a machine stood still. Members that are only joining never outweigh a member.
 *
 * @param <N> a member
 * @param staying members that all hear each other, a majority; empty while all wait
 * @param going the members that leave if this lasts; empty while all wait
 * @param part the members, staying or going, that the staying ones can be reached from; empty when no part is a
 *     majority
 */
public record Verdict<N>(Set<N> staying, Set<N> going, Set<N> part) {
    /**
     * So many peers that shut this member out are no accident, whatever the size of the cluster: they are a majority of
     * the peers that watch a member.
     */
    static final int PEERS_THAT_PROVE = 5;

    /** The verdict on the sight of one member. */
    public static <N> Verdict<N> of(Sight<N> sight) {
        Links<N> links = sight.links();
        BitSet part = mainPart(sight, links);
        BitSet staying = links.withoutBroken(part);
        if (staying.isEmpty() || !sight.areMost(staying)) {
            return new Verdict<>(Set.of(), Set.of(), links.named(part));
        }
        staying.or(links.withoutBroken(links.linkedToAll(sight.uncounted(), staying)));
        BitSet going = sight.counted();
        going.or(sight.uncounted());
        going.andNot(staying);
        return new Verdict<>(links.named(staying), links.named(going), links.named(part));
    }

    private static <N> BitSet mainPart(Sight<N> sight, Links<N> links) {
        BitSet left = sight.counted();
        while (!left.isEmpty()) {
            BitSet part = links.partOf(left.nextSetBit(0), left);
            if (sight.areMost(part)) {
                return part;
            }
            left.andNot(part);
        }
        return left;
    }

    /** Whether the cluster goes on with this member. */
    public boolean keeps(N one) {
        return staying.contains(one);
    }

    /**
     * Whether a member is cut off: as far as it can tell, the others go on without it and cannot tell it so. The oldest
     * member, and the members connected with it, are never cut off, so that some member waits when no member hears
     * another.
     */
    public boolean isCutOff(Sight<N> sight, N self) {
        Links<N> links = sight.links();
        int number = links.number(self);
        if (number < 0 || staying.isEmpty() || staying.contains(self) || part.contains(self)) {
            return false;
        }
        BitSet around = links.partOf(number, sight.counted());
        return !around.get(0) && !around.intersects(links.numbered(staying));
    }

    /**
     * Whether the members that no longer talk to this one prove that the cluster goes on without it. One of them alone
     * may be wrong itself.
     *
     * @param by the members that have shut this one out
     */
    public static <N> boolean isShutOut(Sight<N> sight, Collection<N> by) {
        if (by.size() >= PEERS_THAT_PROVE) {
            return true;
        }
        Set<N> rest = new LinkedHashSet<>(sight.members());
        rest.removeAll(by);
        long strangers =
                by.stream().filter(one -> !sight.members().contains(one)).count();
        return strangers == 0
                ? !sight.areMost(rest)
                : 2L * rest.size() <= sight.members().size() + strangers;
    }
}
