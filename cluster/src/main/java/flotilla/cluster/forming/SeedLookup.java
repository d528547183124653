package flotilla.cluster.forming;

import flotilla.cluster.Seeds;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks up the first nodes until the answer is the same several times in a row. */
public final class SeedLookup {
    private static final Logger LOG = LoggerFactory.getLogger(SeedLookup.class);
    private static final long MAX_FILE = 64 << 10;

    /** The answer of one look-up, or the reason why there is none. */
    private record Answer(List<Endpoint> endpoints, String problem) {}

    private final Seeds seeds;
    private List<Endpoint> latest = List.of();
    private int equal;
    private String logged = "";

    /** Looks in the sources that {@code seeds} names. */
    public SeedLookup(Seeds seeds) {
        this.seeds = seeds;
    }

    /**
     * Waits for a stable answer. Blocks.
     *
     * @param deadline a time of {@link System#nanoTime()}
     * @return the first nodes, sorted; the first one forms the cluster when there is none
     * @throws TimeoutException when there is no stable answer in time, with the reason
     */
    public List<Endpoint> agreed(long deadline) throws TimeoutException {
        while (true) {
            String problem = look();
            if (isStable()) {
                return latest;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("no first nodes were found in " + source() + ": " + problem);
            }
            LockSupport.parkNanos(seeds.interval().toNanos());
        }
    }

    /**
     * Looks once more. Blocks.
     *
     * @return whether the answer is stable and differs from {@code former}
     */
    public boolean hasChangedFrom(List<Endpoint> former) {
        look();
        return isStable() && !latest.equals(former);
    }

    private boolean isStable() {
        return !latest.isEmpty() && equal >= (isFixed() ? 1 : seeds.stable());
    }

    /** Whether the answer cannot change, since all nodes are addresses. */
    private boolean isFixed() {
        return seeds.nodes().stream().allMatch(node -> node.matches("([0-9.]+|\\[.*\\]):[0-9]+"))
                && !seeds.nodes().isEmpty();
    }

    /** Looks once. Returns the problem; empty when there is none. */
    private String look() {
        Answer answer = answer();
        equal = answer.endpoints.equals(latest) ? equal + 1 : 1;
        latest = answer.endpoints;
        String said = answer.problem.isEmpty() ? latest.toString() : answer.problem;
        if (!said.equals(logged)) {
            logged = said;
            LOG.info("first nodes in {}: {}", source(), said);
        }
        return answer.problem;
    }

    private Answer answer() {
        try {
            TreeSet<Endpoint> found = new TreeSet<>();
            for (String endpoint : endpoints()) {
                found.addAll(Endpoint.lookUp(endpoint));
            }
            int atLeast = seeds.nodes().isEmpty() ? seeds.atLeast() : 1;
            return found.size() >= atLeast
                    ? new Answer(List.copyOf(found), "")
                    : new Answer(List.of(), found + ", fewer than seeds-at-least = " + atLeast);
        } catch (UnknownHostException e) {
            return new Answer(List.of(), "the name is not known: " + e.getMessage());
        } catch (IOException e) {
            return new Answer(List.of(), e.toString());
        } catch (IllegalArgumentException e) {
            return new Answer(List.of(), String.valueOf(e.getMessage()));
        }
    }

    private List<String> endpoints() throws IOException {
        Path file = seeds.file();
        if (file != null) {
            return lines(file);
        }
        return seeds.dns().isEmpty() ? seeds.nodes() : List.of(seeds.dns());
    }

    private static List<String> lines(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE) {
            throw new IOException(file + " is too large for a list of nodes");
        }
        List<String> endpoints = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String endpoint = line.trim();
            if (!endpoint.isEmpty() && !endpoint.startsWith("#")) {
                endpoints.add(endpoint);
            }
        }
        return endpoints;
    }

    private String source() {
        Path file = seeds.file();
        if (file != null) {
            return file.toString();
        }
        return seeds.dns().isEmpty() ? "flotilla.cluster.seeds" : seeds.dns();
    }
}
