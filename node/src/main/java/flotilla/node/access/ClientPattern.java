package flotilla.node.access;

import flotilla.node.access.AddressSet.Range;
import flotilla.node.protocol.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client in a line of hosts.allow or hosts.deny (hosts_access(5)): the forms that need no names. */
final class ClientPattern {
    private static final List<Range> ALL =
            List.of(Range.of(Network.parse("0.0.0.0/0")), Range.of(Network.parse("::/0")));
    private static final Set<String> NEED_NAMES = Set.of("LOCAL", "KNOWN", "UNKNOWN", "PARANOID");
    private static final Pattern PREFIX = Pattern.compile("([0-9]{1,3}\\.){1,3}");
    private static final Pattern MASKED = Pattern.compile("([0-9.]+)/([0-9]+\\.[0-9.]+)");
    private static final Pattern BRACKETED = Pattern.compile("\\[([0-9a-fA-F:.]+)](/[0-9]{1,3})?");

    private ClientPattern() {}

    /**
     * Returns the addresses that a pattern stands for.
     *
     * @throws Unclear when it is a host name, a netgroup, a file or anything else that is not supported
     */
    static List<Range> ranges(String pattern) throws Unclear {
        if (pattern.equalsIgnoreCase("ALL")) {
            return ALL;
        }
        if (NEED_NAMES.contains(pattern.toUpperCase(Locale.ROOT))) {
            throw new Unclear(pattern + " needs names of hosts, which are not looked up");
        }
        try {
            Network network = network(pattern);
            Range range = Range.of(network);
            if (!range.from().equals(Point.of(network.base()))) {
                throw new Unclear(pattern + " has bits behind its mask, so TCP wrappers match it with nobody");
            }
            return List.of(range);
        } catch (IllegalArgumentException e) {
            throw new Unclear(pattern + " is no address, network or ALL; names of hosts are not looked up");
        }
    }

    private static Network network(String pattern) {
        Matcher masked = MASKED.matcher(pattern);
        Matcher bracketed = BRACKETED.matcher(pattern);
        if (PREFIX.matcher(pattern).matches()) {
            int parts = (int) pattern.chars().filter(c -> c == '.').count();
            return Network.parse(pattern + "0.".repeat(3 - parts) + "0/" + 8 * parts);
        }
        if (masked.matches()) {
            return new Network(
                    Network.parse(masked.group(1)).base(),
                    bits(Network.parse(masked.group(2)).base()));
        }
        if (bracketed.matches()) {
            return Network.parse(bracketed.group(1) + (bracketed.group(2) == null ? "" : bracketed.group(2)));
        }
        if (pattern.chars().filter(c -> c == '.').count() != 3 && !pattern.contains(":")) {
            throw new IllegalArgumentException("not four numbers: " + pattern);
        }
        return Network.parse(pattern);
    }

    /** Returns the length of the prefix that a mask leaves. */
    private static int bits(InetAddress mask) {
        int number = (int) Point.of(mask).low();
        int bits = Integer.bitCount(number);
        if (number != (bits == 0 ? 0 : -1 << 32 - bits)) {
            throw new IllegalArgumentException("not a mask of one prefix: " + mask.getHostAddress());
        }
        return bits;
    }
}
