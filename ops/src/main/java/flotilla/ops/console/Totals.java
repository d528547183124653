package flotilla.ops.console;

import flotilla.node.overview.ClusterOverview.Nodes;
import flotilla.node.overview.OverviewMessage.NodeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What happens in the cluster, and on each node. The rates are those of the time since the look before.
 *
 * @param failures refusals and failed logins since the nodes' starts by cause, the most frequent first
 */
public record Totals(int nodes, int ready, Load all, List<Load> byNode, List<Failure> failures, List<String> silent) {
    private static final int MOST_CAUSES = 20;

    /**
     * The load of a node, or of all.
     *
     * @param logins a second
     * @param failures a second
     * @param in bytes a second of uploads
     * @param out bytes a second of downloads and listings
     */
    public record Load(
            String node,
            int connections,
            int sessions,
            int transfers,
            double logins,
            double failures,
            double in,
            double out) {
        private Load plus(Load other) {
            return new Load(
                    node,
                    connections + other.connections,
                    sessions + other.sessions,
                    transfers + other.transfers,
                    logins + other.logins,
                    failures + other.failures,
                    in + other.in,
                    out + other.out);
        }
    }

    /** The number of refusals for a cause. */
    public record Failure(String cause, long number) {}

    /** An earlier look at a node. */
    record Before(Instant upSince, long nanos, Map<String, Long> counts) {}

    /**
     * Adds up the nodes.
     *
     * @param before the looks before by node; they are replaced by this one
     */
    static Totals of(Nodes<NodeView> nodes, Map<String, Before> before, long now) {
        List<Load> loads = new ArrayList<>();
        Map<String, Long> causes = new TreeMap<>();
        for (NodeView view : nodes.answers()) {
            Before last = before.put(view.node(), new Before(view.upSince(), now, view.counts()));
            loads.add(load(view, last, now));
            view.counts().forEach((name, count) -> {
                if (name.startsWith(NodeView.FAILURE)) {
                    causes.merge(name.substring(NodeView.FAILURE.length()), count, Long::sum);
                }
            });
        }
        Load all = loads.stream().reduce(new Load("", 0, 0, 0, 0, 0, 0, 0), Load::plus);
        List<Failure> failures = causes.entrySet().stream()
                .map(cause -> new Failure(cause.getKey().replace('-', ' '), cause.getValue()))
                .sorted(Comparator.comparingLong(Failure::number).reversed())
                .limit(MOST_CAUSES)
                .toList();
        int ready = (int) nodes.answers().stream()
                .filter(view -> view.unready().isEmpty() && !view.draining())
                .count();
        return new Totals(
                nodes.answers().size() + nodes.incomplete().size(), ready, all, loads, failures, nodes.incomplete());
    }

    private static Load load(NodeView view, @Nullable Before last, long now) {
        boolean known = last != null && last.upSince().equals(view.upSince()) && now > last.nanos();
        Map<String, Long> then = known && last != null ? last.counts() : view.counts();
        double seconds = known && last != null ? (now - last.nanos()) / 1e9 : 1;
        return new Load(
                view.node(),
                view.connections(),
                view.sessions(),
                view.transfers(),
                since(view.counts(), then, NodeView.LOGINS) / seconds,
                failed(view.counts(), then) / seconds,
                since(view.counts(), then, NodeView.BYTES_IN) / seconds,
                since(view.counts(), then, NodeView.BYTES_OUT) / seconds);
    }

    private static double since(Map<String, Long> now, Map<String, Long> then, String name) {
        return Math.max(0, now.getOrDefault(name, 0L) - then.getOrDefault(name, 0L));
    }

    private static double failed(Map<String, Long> now, Map<String, Long> then) {
        return now.keySet().stream()
                .filter(name -> name.startsWith(NodeView.FAILURE))
                .mapToDouble(name -> since(now, then, name))
                .sum();
    }
}
