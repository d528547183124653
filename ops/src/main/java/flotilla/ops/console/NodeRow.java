package flotilla.ops.console;

import flotilla.cluster.Roll;
import flotilla.node.overview.OverviewMessage.NodeView;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * A node as the pages show it.
 *
 * @param key id of its row
 * @param state {@code ready}, {@code draining}, {@code not ready}, {@code silent}, {@code missing} or {@code stopped}
 * @param why reasons why it takes no new work; empty for none
 */
public record NodeRow(
        String name,
        String key,
        String state,
        String why,
        String version,
        String roles,
        String address,
        String up,
        int connections,
        int sessions,
        int transfers) {
    private static final Set<String> AWAY = Set.of("silent", "missing", "stopped");

    static NodeRow of(NodeView view, Instant now) {
        String state = view.draining() ? "draining" : view.unready().isEmpty() ? "ready" : "not ready";
        return new NodeRow(
                view.node(),
                "n-" + view.node(),
                state,
                String.join("; ", view.unready()),
                view.version(),
                String.join(", ", view.roles()),
                view.listeners().isEmpty() ? view.address() : String.join(", ", view.listeners()),
                Text.duration(Duration.between(view.upSince(), now)),
                view.connections(),
                view.sessions(),
                view.transfers());
    }

    /** A node that does not answer. */
    static NodeRow silent(String name) {
        return new NodeRow(name, "n-" + name, "silent", "it does not answer", "", "", "", "", 0, 0, 0);
    }

    /** A node that belongs to the cluster and is no member now. */
    static NodeRow absent(Roll.Entry entry) {
        return new NodeRow(
                entry.name(),
                "n-" + entry.name(),
                entry.inOrder() ? "stopped" : "missing",
                "since " + Text.time(entry.seen()),
                "",
                "",
                entry.address(),
                "",
                0,
                0,
                0);
    }

    /** Returns whether the node takes no new work on an operator's order. */
    public boolean isDraining() {
        return state.equals("draining");
    }

    /** Returns whether orders can reach the node. */
    public boolean answers() {
        return !AWAY.contains(state);
    }

    /** Returns the state as the name of a style. */
    public String style() {
        return "state-" + state.replace(' ', '-') + (answers() ? "" : " away");
    }
}
