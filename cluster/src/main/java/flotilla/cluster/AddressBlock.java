package flotilla.cluster;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * The form in which client addresses are counted and compared: an IPv4 address by itself, an IPv6 address by its /64,
 * an IPv4-mapped IPv6 address as IPv4.
 */
public final class AddressBlock {
    private AddressBlock() {}

    /** The text that an address is counted under, such as {@code 192.0.2.7} or {@code 2001:db8:0:1::/64}. */
    public static String of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i += 2) {
            text.append(Integer.toHexString(((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff)))
                    .append(':');
        }
        return text.append(":/64").toString();
    }
}
