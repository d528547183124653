package flotilla.node;

import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.Reasons;
import flotilla.node.overview.OverviewMessage.NodeView;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts logins and refusals of this node since its start, for the overview of the cluster. */
final class Tally implements EventSink {
    private final LongAdder logins = new LongAdder();
    /** By constants of enums, so there are few. */
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

    @Override
    public void accept(NodeEvent event) {
        if (event instanceof NodeEvent.LoggedIn) {
            logins.increment();
        } else if (event instanceof NodeEvent.LoginFailed failed) {
            failure("login-" + Reasons.name(failed.why()));
        } else if (event instanceof NodeEvent.Refused refused) {
            failure("refused-" + Reasons.name(refused.why()));
        } else if (event instanceof NodeEvent.Limited limited) {
            failure("limit-" + Reasons.name(limited.limit()));
        }
    }

    private void failure(String name) {
        failures.computeIfAbsent(NodeView.FAILURE + name, any -> new LongAdder())
                .increment();
    }

    /** The counts by name, as {@link NodeView#counts} has them. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        counts.put(NodeView.LOGINS, logins.sum());
        failures.forEach((name, count) -> counts.put(name, count.sum()));
        return counts;
    }
}
