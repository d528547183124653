package flotilla.ops.event;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.NodeBoard.NodeState;
import flotilla.cluster.Roll;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for nodes that come, go and drain. Of the nodes that are there, the first by name tells it; the id is the same if
 * two tell it. Used by one thread.
 */
final class NodeWatch {
    private static final Logger LOG = LoggerFactory.getLogger(NodeWatch.class);
    private static final long ROLL_SECONDS = 3;

    private final ClusterNode cluster;
    private final Consumer<Event> tell;
    private Map<String, NodeState> known = new TreeMap<>();
    private boolean begun;

    NodeWatch(ClusterNode cluster, Consumer<Event> tell) {
        this.cluster = cluster;
        this.tell = tell;
    }

    /** Compares the nodes with those of the last look. May block for the database. */
    void look() {
        if (!cluster.mayWrite()) {
            return; // a node that is cut off sees all others go
        }
        Map<String, NodeState> now = new TreeMap<>();
        cluster.board().nodes().forEach(node -> now.put(node.name(), node));
        Map<String, NodeState> before = known;
        known = now;
        if (!begun) {
            begun = true;
            before = alone(now);
        }
        if (!now.isEmpty() && now.keySet().iterator().next().equals(cluster.name())) {
            changes(before, now).forEach(tell);
        }
    }

    /** A node that starts as the first by name tells that it has joined. */
    private Map<String, NodeState> alone(Map<String, NodeState> now) {
        Map<String, NodeState> others = new TreeMap<>(now);
        others.remove(cluster.name());
        return others;
    }

    private List<Event> changes(Map<String, NodeState> before, Map<String, NodeState> now) {
        List<Event> events = new ArrayList<>();
        now.forEach((name, state) -> {
            NodeState old = before.get(name);
            if (old == null) {
                events.add(event(EventKind.NODE_JOINED, state));
            } else if (state.draining() && !old.draining()) {
                events.add(event(EventKind.DRAIN, state));
            }
        });
        Map<String, NodeState> gone = new TreeMap<>(before);
        gone.keySet().removeAll(now.keySet());
        if (!gone.isEmpty()) {
            Set<String> left = leftInOrder();
            gone.forEach((name, state) ->
                    events.add(event(left.contains(name) ? EventKind.NODE_LEFT : EventKind.NODE_LOST, state)));
        }
        return events;
    }

    private Set<String> leftInOrder() {
        Set<String> names = new TreeSet<>();
        try {
            cluster.roll().all().toCompletableFuture().get(ROLL_SECONDS, TimeUnit.SECONDS).stream()
                    .filter(Roll.Entry::inOrder)
                    .forEach(entry -> names.add(entry.name()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            LOG.debug("the roll does not answer", e);
        }
        return names;
    }

    private static Event event(EventKind kind, NodeState state) {
        long minute = Instant.now().getEpochSecond() / 60;
        String seed = kind + " " + state.name() + " " + state.address() + " " + minute;
        String id =
                UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
        return new Event(
                id,
                kind,
                Instant.now(),
                "",
                "",
                "",
                List.of(),
                Map.of("about", state.name(), "version", state.version()));
    }
}
