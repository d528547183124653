package flotilla.cluster.leaving;

import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Who stays and who goes, a function of who hears whom and of nothing else. The members that most can be reached from go on, without
 * those that hear too few or are heard by too few: one after the other the member with most broken links goes, the youngest of several,
 * until all that are left hear each other. Unless these are most of all members, nobody goes and everybody waits: so it is when
 * everybody accuses everybody, which is a machine that stood still and no verdict on anybody. Who is only joining never outweighs a member.
 *
 * @param staying all of them linked with each other, most of the members; empty while everybody waits
 * @param going those who go when it stays so; empty while everybody waits
 * @param part the members, staying or going, that the staying ones can be reached from; empty when no part has most members
 */
public record Verdict<N>(Set<N> staying, Set<N> going, Set<N> part) {
    /** How many peers that have shut out this one are no accident, however many members there are: most of those that a member watches. */
    static final int PEERS_THAT_PROVE = 5;

    /** The verdict on what one member sees. */
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

    /** Whether the cluster goes on with this one. */
    public boolean keeps(N one) {
        return staying.contains(one);
    }

    /**
     * Whether this one is cut off: as far as it can tell the others go on without it and cannot tell it so. The oldest member and who is
     * with it never are: should nobody hear anybody, somebody waits.
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

    /** Whether those who do not talk to this member any more prove that the cluster goes on without it; one of them may be wrong itself. */
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
