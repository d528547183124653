package flotilla.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sources of a cluster's first nodes. A node without nodes, name and file is a cluster of its own.
 *
 * @param nodes {@code host:port} of each node
 * @param dns {@code name:port}, a name with the addresses of all nodes; empty when not used
 * @param file a file with one {@code host:port} a line, read again while joining; null when not used
 * @param atLeast fewest addresses that a look-up must give
 * @param stable number of equal look-ups in a row after which their result is used
 * @param interval time between two look-ups
 * @param firstPatience time for which the first node asks the others before it forms a cluster
 * @param giveUp time for which a node tries to join
 */
public record Seeds(
        List<String> nodes,
        String dns,
        @Nullable Path file,
        int atLeast,
        int stable,
        Duration interval,
        Duration firstPatience,
        Duration giveUp) {

    /** No seeds: a cluster of one. */
    public static final Seeds NONE = of(List.of());

    public Seeds {
        nodes = List.copyOf(nodes);
    }

    /** Seeds at fixed addresses, with the usual times. */
    public static Seeds of(List<String> nodes) {
        return new Seeds(nodes, "", null, 1, 3, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofMinutes(5));
    }

    /** Whether there is no other node to join. */
    public boolean isEmpty() {
        return nodes.isEmpty() && dns.isEmpty() && file == null;
    }

    /** Whether a text has the form {@code host:port}, with an IPv6 address in brackets. */
    public static boolean isEndpoint(String text) {
        return text.matches("([A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}");
    }
}
