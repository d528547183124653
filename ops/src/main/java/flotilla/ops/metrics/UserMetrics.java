package flotilla.ops.metrics;

import flotilla.node.data.Traffic;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.Reasons;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts bytes and files of users one by one, up to a number of users; those of all others together. */
public final class UserMetrics implements EventSink {
    /** Stands for the users beyond the bound. No account can have this name: it has spaces. */
    static final String OTHERS = "all others";

    private final MeterRegistry registry;
    private final int most;
    private final Set<String> users = ConcurrentHashMap.newKeySet();
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    /** @param most users that are counted one by one; 0 for none, and no metric */
    public UserMetrics(Metrics metrics, int most) {
        this.registry = metrics.registry();
        this.most = most;
    }

    @Override
    public void accept(NodeEvent event) {
        if (most > 0 && event instanceof NodeEvent.TransferFinished finished) {
            String user = known(finished.user());
            String direction = Reasons.name(Traffic.Direction.of(finished.transfer()));
            count("flotilla.user.bytes", "Bytes of a user's transfers that have ended", user, direction)
                    .increment((double) finished.result().bytes());
            if (finished.result().isComplete()) {
                count("flotilla.user.transfers", "Transfers of a user that were complete", user, direction)
                        .increment();
            }
        }
    }

    private synchronized String known(String user) {
        if (users.size() < most) {
            users.add(user);
        }
        return users.contains(user) ? user : OTHERS;
    }

    private Counter count(String name, String description, String user, String direction) {
        return counters.computeIfAbsent(name + '\n' + user + '\n' + direction, absent -> Counter.builder(name)
                .description(description)
                .tag("user", user)
                .tag("direction", direction)
                .register(registry));
    }
}
