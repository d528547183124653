package flotilla.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the first nodes of a cluster are found. Without nodes, name and file, a node is a cluster of its own.
 *
 * @param nodes host:port of each
 * @param dns {@code name:port}, a name that stands for the addresses of all; empty when not used
 * @param file with a host:port a line, read again while joining
 * @param atLeast fewest addresses a look-up must give
 * @param stable equal look-ups in a row after which their result is taken
 * @param interval between look-ups
 * @param firstPatience how long the first node asks the others before it forms a cluster
 * @param giveUp how long a node tries to join
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

    /** A cluster of one. */
    public static final Seeds NONE = of(List.of());

    public Seeds {
        nodes = List.copyOf(nodes);
    }

    /** These nodes, with the usual times. */
    public static Seeds of(List<String> nodes) {
        return new Seeds(nodes, "", null, 1, 3, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofMinutes(5));
    }

    /** Whether there is nobody to join. */
    public boolean isEmpty() {
        return nodes.isEmpty() && dns.isEmpty() && file == null;
    }

    /** Whether a text is {@code host:port}, an IPv6 address in brackets. */
    public static boolean isEndpoint(String text) {
        return text.matches("([A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}");
    }
}
