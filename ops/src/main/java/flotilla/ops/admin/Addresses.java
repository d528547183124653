package flotilla.ops.admin;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses as operators write them. Names are not looked up. */
final class Addresses {
    private static final String BLOCK = "/64";

    private Addresses() {}

    /** An IPv4 or IPv6 address, or an IPv6 block as bans are listed under. */
    static InetAddress parse(String text) {
        String address = text.endsWith(BLOCK) ? text.substring(0, text.length() - BLOCK.length()) : text;
        boolean ipv4 = address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
        boolean ipv6 = address.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
        if (ipv4 && address.equals(text) || ipv6) {
            try {
                return InetAddress.getByName(ipv6 ? "[" + address + "]" : address);
            } catch (UnknownHostException e) {
                throw ApiException.badRequest("not an address: " + text);
            }
        }
        throw ApiException.badRequest("not an address: " + text);
    }
}
