package flotilla.node.access;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An address as a number, so that addresses have an order: all of IPv4, then all of IPv6.
 *
 * @param high the upper 64 bits, unsigned; 0 for IPv4
 * @param low the lower 64 bits, unsigned
 */
record Point(boolean v6, long high, long low) implements Comparable<Point> {
    private static final int BYTES = 16;

    static Point of(InetAddress address) {
        byte[] bytes = address.getAddress();
        ByteBuffer whole = ByteBuffer.allocate(BYTES).put(BYTES - bytes.length, bytes);
        return new Point(bytes.length == BYTES, whole.getLong(0), whole.getLong(Long.BYTES));
    }

    /** The first address of a block that has this one. */
    Point first(int prefix) {
        int free = free(prefix);
        return new Point(v6, free <= 64 ? high : high & ~ones(free - 64), free >= 64 ? 0 : low & ~ones(free));
    }

    /** The last address of that block. */
    Point last(int prefix) {
        int free = free(prefix);
        return new Point(v6, free <= 64 ? high : high | ones(free - 64), free >= 64 ? -1L : low | ones(free));
    }

    private int free(int prefix) {
        return (v6 ? 128 : 32) - prefix;
    }

    private static long ones(int count) {
        return count >= 64 ? -1L : (1L << count) - 1;
    }

    /** The next address of the family. There must be one. */
    Point next() {
        return new Point(v6, low == -1L ? high + 1 : high, low + 1);
    }

    /** The address before, of the same family. There must be one. */
    Point previous() {
        return new Point(v6, low == 0 ? high - 1 : high, low - 1);
    }

    @Override
    public int compareTo(Point other) {
        int family = Boolean.compare(v6, other.v6);
        int upper = family != 0 ? family : Long.compareUnsigned(high, other.high);
        return upper != 0 ? upper : Long.compareUnsigned(low, other.low);
    }
}
