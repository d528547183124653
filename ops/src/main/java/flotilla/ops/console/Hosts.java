package flotilla.ops.console;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names by which browsers may reach the console. A page of a stranger, whose name resolves to this server all of a
 * sudden, is refused by its name (DNS rebinding). Nobody can do that with an address.
 */
final class Hosts {
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]+]|[0-9a-z._-]+)(:[0-9]{1,5})?");
    private static final Pattern ADDRESS = Pattern.compile("\\[[0-9a-f:.]+]|[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Set<String> SCHEMES = Set.of("http://", "https://");

    private final Set<String> names;

    /**
     * Creates the check.
     *
     * @param configured names in lower case
     * @param own name of this machine
     */
    Hosts(List<String> configured, String own) {
        this.names = Stream.concat(configured.stream(), Stream.of("localhost", own.toLowerCase(Locale.ROOT)))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns whether a request is for this server.
     *
     * @param host the header {@code Host}
     */
    boolean areOurs(String host) {
        Matcher parts = HOST.matcher(host.toLowerCase(Locale.ROOT));
        return parts.matches()
                && (names.contains(parts.group(1))
                        || ADDRESS.matcher(parts.group(1)).matches());
    }

    /**
     * Returns whether a form comes from a page of this server. A balancer may speak TLS in its place, so the scheme says
     * nothing.
     *
     * @param origin the header {@code Origin}, which browsers send with each form
     */
    static boolean isSame(String origin, String host) {
        String lower = origin.toLowerCase(Locale.ROOT);
        return SCHEMES.stream().anyMatch(scheme -> lower.equals(scheme + host.toLowerCase(Locale.ROOT)));
    }
}
