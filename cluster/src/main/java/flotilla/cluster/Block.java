package flotilla.cluster;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * A CIDR block (RFC 4632; RFC 4291, section 2.3) in the one form in which it is compared and kept.
 *
 * @param base its first address
 * @param bits length of the prefix, 0 to 32 or 0 to 128
 */
public record Block(InetAddress base, int bits) {
    /** Length of the prefix under which an IPv6 client is counted. */
    public static final int V6_CLIENT = 64;

    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    public Block {
        if (bits < 0 || bits > 8 * base.getAddress().length) {
            throw new IllegalArgumentException("not a prefix length: " + bits);
        }
        if (!masked(base, bits).equals(base)) {
            throw new IllegalArgumentException("there are bits behind the prefix; the network is "
                    + masked(base, bits).getHostAddress() + "/" + bits);
        }
    }

    /** The block under which a client is counted, as {@link AddressBlock} has it. */
    public static Block of(InetAddress client) {
        return around(client, client instanceof Inet6Address ? V6_CLIENT : 32);
    }

    /** The block of that size that has an address. */
    public static Block around(InetAddress address, int bits) {
        return new Block(masked(address, bits), bits);
    }

    /**
     * Reads {@code 192.168.0.0/16}, {@code 2001:db8::/32}, or an address: then it is the block of that client. It looks
     * no name up.
     *
     * @throws IllegalArgumentException when the text is none of these, or has bits behind the prefix
     */
    public static Block parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        if (!LITERAL.matcher(host).matches()
                || slash >= 0 && !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("not an address or network: " + text);
        }
        try {
            InetAddress address = InetAddress.getByName(host);
            return slash < 0 ? of(address) : new Block(address, Integer.parseInt(text.substring(slash + 1)));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + text, e);
        }
    }

    /** Whether it holds one client only: an IPv4 address or the /64 of an IPv6 address. */
    public boolean isOneClient() {
        return bits == (base instanceof Inet6Address ? V6_CLIENT : 32);
    }

    /** Whether an address is in this block. */
    public boolean contains(InetAddress address) {
        return address.getClass() == base.getClass() && masked(address, bits).equals(base);
    }

    /** Whether some address is in both blocks. */
    public boolean meets(Block other) {
        return contains(other.base) || other.contains(base);
    }

    private static InetAddress masked(InetAddress address, int bits) {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] &= (byte) (0xff00 >> Math.max(0, Math.min(8, bits - 8 * i)));
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The text that {@link #parse} reads: one client as {@link AddressBlock} writes it, others with the prefix. */
    @Override
    public String toString() {
        return isOneClient() ? AddressBlock.of(base) : base.getHostAddress() + "/" + bits;
    }
}
