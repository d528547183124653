package flotilla.ops.setup;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node of a cluster that is set up.
 *
 * @param name its {@code node.name}
 * @param address IPv4 address or host name at which clients' balancer and the other nodes reach it
 */
public record Member(String name, String address) {
    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9._-]{1,64})=([A-Za-z0-9._-]{1,253})");
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");

    /**
     * Reads NAME=ADDRESS.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static Member parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a node is NAME=ADDRESS, such as node-1=10.0.0.1, not " + text);
        }
        return new Member(parts.group(1), parts.group(2));
    }

    /** Returns true when the address is an IPv4 address and no name. */
    boolean isNumeric() {
        return NUMBERS.matcher(address).matches();
    }
}
