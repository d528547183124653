package flotilla.cluster.leaving;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The broken links between members. A link is broken when one of its two members misses the other. Numbers stand for
 * members, the oldest first.
 */
final class Links<N> {
    private final List<N> nodes;
    private final BitSet[] broken;

    Links(List<N> nodes, Map<N, Set<N>> deaf) {
        this.nodes = nodes;
        this.broken = new BitSet[nodes.size()];
        Map<N, Integer> numbers = new HashMap<>();
        for (int i = 0; i < broken.length; i++) {
            broken[i] = new BitSet();
            numbers.put(nodes.get(i), i);
        }
        deaf.forEach((one, missed) -> {
            Integer number = numbers.get(one);
            for (N other : missed) {
                Integer its = numbers.get(other);
                if (number != null && its != null && !number.equals(its)) {
                    broken[number].set(its);
                    broken[its].set(number);
                }
            }
        });
    }

    /** The members of {@code among} that can be reached from {@code from} over working links, {@code from} included. */
    BitSet partOf(int from, BitSet among) {
        BitSet part = new BitSet();
        BitSet next = new BitSet();
        next.set(from);
        while (!next.isEmpty()) {
            int one = next.nextSetBit(0);
            part.set(one);
            next.clear(one);
            BitSet found = (BitSet) among.clone();
            found.andNot(broken[one]);
            found.andNot(part);
            next.or(found);
        }
        return part;
    }

    /**
     * Removes the member with the most broken links, the youngest of several, until no broken link is left. Returns the
     * rest.
     */
    BitSet withoutBroken(BitSet some) {
        BitSet left = (BitSet) some.clone();
        while (true) {
            int worst = -1;
            int most = 1;
            for (int one = left.nextSetBit(0); one >= 0; one = left.nextSetBit(one + 1)) {
                BitSet its = (BitSet) broken[one].clone();
                its.and(left);
                if (its.cardinality() >= most) {
                    worst = one;
                    most = its.cardinality();
                }
            }
            if (worst < 0) {
                return left;
            }
            left.clear(worst);
        }
    }

    /** The members of {@code some} without a broken link to any of {@code others}. */
    BitSet linkedToAll(BitSet some, BitSet others) {
        BitSet linked = new BitSet();
        some.stream().filter(one -> !broken[one].intersects(others)).forEach(linked::set);
        return linked;
    }

    int number(N node) {
        return nodes.indexOf(node);
    }

    Set<N> named(BitSet some) {
        Set<N> named = new LinkedHashSet<>();
        some.stream().forEach(one -> named.add(nodes.get(one)));
        return named;
    }

    BitSet numbered(Collection<N> some) {
        BitSet numbers = new BitSet();
        some.forEach(one -> numbers.set(number(one)));
        return numbers;
    }
}
