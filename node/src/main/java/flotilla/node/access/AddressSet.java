package flotilla.node.access;

import flotilla.node.protocol.Network;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** A set of addresses as ranges that are in order and do not meet. To find an address takes about log2(ranges) steps. */
final class AddressSet {
    /** A range of addresses of one family, with both ends. */
    record Range(Point from, Point to) {
        static Range of(Network network) {
            Point base = Point.of(network.base());
            return new Range(base.first(network.bits()), base.last(network.bits()));
        }
    }

    static final AddressSet EMPTY = new AddressSet(List.of());

    private final Range[] ranges;

    private AddressSet(List<Range> ranges) {
        this.ranges = ranges.toArray(Range[]::new);
    }

    /** The addresses that are in one of the ranges at least. */
    static AddressSet of(Collection<Range> all) {
        List<Range> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparing(Range::from));
        List<Range> merged = new ArrayList<>(sorted.size());
        for (Range range : sorted) {
            int last = merged.size() - 1;
            if (last >= 0 && range.from().compareTo(merged.get(last).to()) <= 0) {
                Range before = merged.get(last);
                Point to = before.to().compareTo(range.to()) < 0 ? range.to() : before.to();
                merged.set(last, new Range(before.from(), to));
            } else {
                merged.add(range);
            }
        }
        return new AddressSet(merged);
    }

    List<Range> ranges() {
        return List.of(ranges);
    }

    /** The addresses of this set that are not in the other one. */
    AddressSet minus(AddressSet other) {
        List<Range> left = new ArrayList<>();
        int first = 0;
        for (Range range : ranges) {
            while (first < other.ranges.length && other.ranges[first].to().compareTo(range.from()) < 0) {
                first++;
            }
            subtract(range, other.ranges, first, left);
        }
        return new AddressSet(left);
    }

    private static void subtract(Range range, Range[] holes, int first, List<Range> left) {
        Point start = range.from();
        for (int i = first; i < holes.length && holes[i].from().compareTo(range.to()) <= 0; i++) {
            Range hole = holes[i];
            if (hole.from().compareTo(start) > 0) {
                left.add(new Range(start, hole.from().previous()));
            }
            if (hole.to().compareTo(range.to()) >= 0) {
                return;
            }
            start = hole.to().next();
        }
        left.add(new Range(start, range.to()));
    }

    boolean contains(InetAddress address) {
        Point wanted = Point.of(address);
        int low = 0;
        int high = ranges.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Range range = ranges[middle];
            if (wanted.compareTo(range.from()) < 0) {
                high = middle - 1;
            } else if (wanted.compareTo(range.to()) > 0) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }
}
