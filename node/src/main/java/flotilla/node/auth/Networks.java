package flotilla.node.auth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** CIDR blocks. */
public final class Networks {
    private Networks() {}

    /** Whether {@code address} lies in one of the blocks. */
    public static boolean contains(List<String> blocks, InetAddress address) {
        return blocks.stream().anyMatch(block -> contains(block, address));
    }

    /** Whether {@code block} is an address literal, perhaps with a prefix length. */
    public static boolean isBlock(String block) {
        try {
            parse(block);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private record Block(byte[] address, int bits) {}

    private static Block parse(String block) {
        int slash = block.indexOf('/');
        String host = slash < 0 ? block : block.substring(0, slash);
        if (!host.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException("not an address: " + block);
        }
        try {
            byte[] address = InetAddress.getByName(host).getAddress();
            int bits = slash < 0 ? address.length * 8 : Integer.parseInt(block.substring(slash + 1));
            if (bits < 0 || bits > address.length * 8) {
                throw new IllegalArgumentException("not a prefix length: " + block);
            }
            return new Block(address, bits);
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException("not a block: " + block, e);
        }
    }

    private static boolean contains(String text, InetAddress address) {
        Block block = parse(text);
        byte[] bytes = address.getAddress();
        if (bytes.length != block.address().length) {
            return false;
        }
        for (int bit = 0; bit < block.bits(); bit++) {
            int mask = 0x80 >> bit % 8;
            if ((bytes[bit / 8] & mask) != (block.address()[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
