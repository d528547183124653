package flotilla.node.protocol;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.regex.Pattern;

/**
 * A CIDR block (RFC 4632; RFC 4291, section 2.3), parsed once. It holds addresses of its own family only.
 *
 * @param base an address of the block; its bits after the prefix are ignored
 * @param bits length of the prefix, 0 to 32 or 0 to 128
 */
public record Network(InetAddress base, int bits) {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    public Network {
        if (bits < 0 || bits > 8 * base.getAddress().length) {
            throw new IllegalArgumentException("not a prefix length: " + bits);
        }
    }

    /**
     * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32} or a single address. It looks no host name up.
     *
     * @throws IllegalArgumentException when the text is none of these
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        if (!LITERAL.matcher(host).matches()) {
            throw new IllegalArgumentException("not an address: " + text);
        }
        try {
            InetAddress base = InetAddress.getByName(host);
            return new Network(
                    base, slash < 0 ? 8 * base.getAddress().length : Integer.parseInt(text.substring(slash + 1)));
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException("not a block: " + text, e);
        }
    }

    /** Returns true when {@code address} is in this block. */
    public boolean contains(InetAddress address) {
        byte[] ours = base.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int i = 0; 8 * i < bits; i++) {
            int mask = 0xff00 >> Math.min(8, bits - 8 * i);
            if (((ours[i] ^ theirs[i]) & mask & 0xff) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns true when {@code address} is in one of the blocks. */
    public static boolean anyContains(Collection<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + bits;
    }
}
