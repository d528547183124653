package flotilla.cluster.leaving;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One member's knowledge of the links between members.
 *
 * @param <N> a member
 * @param members the members that count, the oldest first; all members that know each other have the same order
 * @param joining the members that are not up yet and do not count, in an order that is the same everywhere
 * @param deaf for each member that misses others, the members that it does not hear; a link that is not mentioned works
 */
public record Sight<N>(List<N> members, List<N> joining, Map<N, Set<N>> deaf) {
    public Sight {
        members = List.copyOf(members);
        joining = List.copyOf(joining);
        deaf = Map.copyOf(deaf);
    }

    /** Whether these are a majority of the members that count: more than half, or half of them with the oldest. */
    public boolean areMost(Collection<N> some) {
        return areMost(links().numbered(some));
    }

    Links<N> links() {
        List<N> all = new ArrayList<>(members);
        all.addAll(joining);
        return new Links<>(all, deaf);
    }

    /** The numbers of the members that count. */
    BitSet counted() {
        BitSet counted = new BitSet();
        counted.set(0, members.size());
        return counted;
    }

    /** The numbers of the members that are joining. */
    BitSet uncounted() {
        BitSet uncounted = new BitSet();
        uncounted.set(members.size(), members.size() + joining.size());
        return uncounted;
    }

    boolean areMost(BitSet some) {
        int twice = 2 * some.get(0, members.size()).cardinality();
        return twice > members.size() || twice == members.size() && some.get(0);
    }
}
