package flotilla.node.access;

import flotilla.node.access.AddressSet.Range;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A hosts.allow or hosts.deny (hosts_access(5)) as networks, one a line, for {@link AccessRules}. Both files keep their
 * order: whom the first names may connect, whom else the second names may not.
 *
 * @param networks CIDR blocks of the addresses that the lines name, in order; none of them meet
 * @param notes lines that are not understood and left out
 */
public record NetworkList(List<String> networks, List<Note> notes) {
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;

    public NetworkList {
        networks = List.copyOf(networks);
        notes = List.copyOf(notes);
    }

    /**
     * A line that is left out.
     *
     * @param line its number, from 1
     * @param text what is wrong with it
     * @param unsafe whether more clients may connect without it
     */
    public record Note(int line, String text, boolean unsafe) {}

    /**
     * Reads a file.
     *
     * @param isDeny whether it is hosts.deny
     * @param daemons names of daemons whose lines count, in lower case, besides {@code all}
     */
    public static NetworkList of(String text, boolean isDeny, Set<String> daemons) {
        HostsFile.Parsed parsed = HostsFile.whole(text, isDeny ? HostsFile.Kind.DENY : HostsFile.Kind.ALLOW, daemons);
        List<String> networks = new ArrayList<>();
        parsed.addresses().ranges().forEach(range -> add(range, networks));
        return new NetworkList(
                networks,
                parsed.notes().stream()
                        .map(note -> new Note(note.line(), note.text(), note.unsafe()))
                        .toList());
    }

    /** Cuts a range into the fewest blocks. */
    private static void add(Range range, List<String> networks) {
        boolean v6 = range.from().v6();
        int width = v6 ? 8 * V6_BYTES : 8 * V4_BYTES;
        BigInteger from = number(range.from());
        BigInteger end = number(range.to()).add(BigInteger.ONE);
        while (from.compareTo(end) < 0) {
            int free = from.signum() == 0 ? width : Math.min(width, from.getLowestSetBit());
            free = Math.min(free, end.subtract(from).bitLength() - 1);
            networks.add(text(from, v6) + "/" + (width - free));
            from = from.add(BigInteger.ONE.shiftLeft(free));
        }
    }

    private static BigInteger number(Point point) {
        return new BigInteger(Long.toUnsignedString(point.high()))
                .shiftLeft(64)
                .add(new BigInteger(Long.toUnsignedString(point.low())));
    }

    private static String text(BigInteger number, boolean v6) {
        byte[] bytes = new byte[v6 ? V6_BYTES : V4_BYTES];
        byte[] given = number.toByteArray();
        int length = Math.min(given.length, bytes.length);
        System.arraycopy(given, given.length - length, bytes, bytes.length - length, length);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
