package flotilla.ops.config;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Addresses that the Internet cannot reach: loopback, link-local, RFC 1918, RFC 6598, RFC 4193. */
final class PrivateNetworks {
    private PrivateNetworks() {}

    static boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address.isAnyLocalAddress() // another check refuses it
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || (address instanceof Inet6Address ? (bytes[0] & 0xfe) == 0xfc : isShared(bytes));
    }

    /** Returns whether an address belongs to carriers: 100.64.0.0/10 (RFC 6598). */
    private static boolean isShared(byte[] bytes) {
        return bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    }
}
