package flotilla.ops.console;

import flotilla.cluster.Roll;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The nodes that belong to the cluster and are no members now. They are read from the database now and then: pages look
 * more often than such a node comes or goes.
 */
final class Absent {
    private static final long FRESH = Duration.ofSeconds(3).toNanos();

    private final Roll roll;
    private volatile Known known = new Known(List.of(), System.nanoTime() - FRESH);

    private record Known(List<Roll.Entry> entries, long at) {}

    Absent(Roll roll) {
        this.roll = roll;
    }

    /**
     * Returns those that have no row yet.
     *
     * @param shown names of the nodes that have one
     */
    CompletionStage<List<NodeRow>> rows(Set<String> shown) {
        return entries().thenApply(entries -> entries.stream()
                .filter(entry -> !shown.contains(entry.name()))
                .map(NodeRow::absent)
                .toList());
    }

    private CompletionStage<List<Roll.Entry>> entries() {
        Known last = known;
        if (System.nanoTime() - last.at() < FRESH) {
            return Later.of(last.entries());
        }
        return roll.all().exceptionally(silence -> last.entries()).thenApply(entries -> {
            known = new Known(entries, System.nanoTime());
            return entries;
        });
    }
}
