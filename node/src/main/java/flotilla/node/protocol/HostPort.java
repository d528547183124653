package flotilla.node.protocol;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads and writes the addresses and ports of PORT, EPRT, 227 and 229 (RFC 959, section 5.3.2; RFC 2428). It takes
 * literals only and looks no name up.
 */
public final class HostPort {
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private HostPort() {}

    /** Reads {@code h1,h2,h3,h4,p1,p2}; empty for any other text. */
    public static Optional<InetSocketAddress> parsePort(String argument) {
        String[] parts = argument.split(",", -1);
        if (parts.length != 6) {
            return Optional.empty();
        }
        int[] numbers = new int[6];
        for (int i = 0; i < 6; i++) {
            numbers[i] = octet(parts[i]);
            if (numbers[i] < 0) {
                return Optional.empty();
            }
        }
        byte[] address = {(byte) numbers[0], (byte) numbers[1], (byte) numbers[2], (byte) numbers[3]};
        return Optional.of(new InetSocketAddress(inet(address), numbers[4] << 8 | numbers[5]));
    }

    /**
     * The argument of EPRT.
     *
     * @param family 1 for IPv4, 2 for IPv6; other numbers are unknown
     * @param address empty when the family is unknown or the address is of another family
     */
    public record Extended(int family, Optional<InetSocketAddress> address) {}

    /** Reads {@code |family|address|port|} with any delimiter; empty for any other text. */
    public static Optional<Extended> parseExtended(String argument) {
        if (argument.length() < 7 || argument.charAt(0) < 33 || argument.charAt(0) > 126) {
            return Optional.empty();
        }
        String delimiter = Pattern.quote(argument.substring(0, 1));
        String[] parts = argument.split(delimiter, -1);
        if (parts.length != 5 || !parts[0].isEmpty() || !parts[4].isEmpty()) {
            return Optional.empty();
        }
        int family = number(parts[1], 99);
        int port = number(parts[3], 65535);
        if (family < 0 || port < 0) {
            return Optional.empty();
        }
        return Optional.of(new Extended(family, literal(family, parts[2]).map(a -> new InetSocketAddress(a, port))));
    }

    private static Optional<InetAddress> literal(int family, String text) {
        if (family == 1) {
            return text.indexOf(',') >= 0
                    ? Optional.empty()
                    : parsePort(text.replace('.', ',') + ",0,0").map(InetSocketAddress::getAddress);
        }
        if (family != 2 || !IPV6.matcher(text).matches() || text.indexOf(':') < 0) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.getByName("[" + text + "]");
            return address instanceof Inet6Address ? Optional.of(address) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** The text {@code h1,h2,h3,h4,p1,p2} for 227. */
    public static String format(Inet4Address address, int port) {
        return address.getHostAddress().replace('.', ',') + ',' + (port >> 8) + ',' + (port & 0xff);
    }

    /** Turns an IPv4-mapped IPv6 address into the IPv4 address; returns any other address unchanged. */
    public static InetAddress normalised(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != 16 || bytes[10] != -1 || bytes[11] != -1) {
            return address;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return address;
            }
        }
        return inet(java.util.Arrays.copyOfRange(bytes, 12, 16));
    }

    private static InetAddress inet(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static int octet(String text) {
        return number(text, 255);
    }

    private static int number(String text, int max) {
        if (text.isEmpty() || text.length() > 5) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value <= max ? value : -1;
    }
}
