package flotilla.ops.admin;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Reads addresses in the forms that operators write. It looks up no names. */
final class Addresses {
    private static final String BLOCK = "/64";

    private Addresses() {}

    /**
     * Returns an IPv4 or IPv6 address, or the first address of an IPv6 block as the list of bans shows it
     * ({@code /64}).
     *
     * @throws ApiException status 400 for any other text
     */
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
