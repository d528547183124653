package flotilla.ops.server;

import flotilla.cluster.ClusterNode;
import flotilla.node.event.EventSink;
import flotilla.ops.alert.Alerts;
import flotilla.ops.alert.StorageWatch;
import flotilla.ops.alert.StorageWatch.Space;
import flotilla.ops.config.Configuration;
import flotilla.ops.metrics.AlertGauges;
import flotilla.ops.metrics.Durations;
import flotilla.ops.metrics.Metrics;
import flotilla.ops.metrics.ServerGauges;
import flotilla.ops.metrics.UserMetrics;

/** Sets up the metrics of a server besides those of its node. */
final class Measures {
    private static final Space UNKNOWN = new Space(0, 0, false);

    private final Metrics metrics;
    private final Configuration configuration;
    private final EventSink events;

    /** @param metrics receive the node's events already */
    Measures(Metrics metrics, Configuration configuration) {
        this.metrics = metrics;
        this.configuration = configuration;
        this.events = EventSink.both(new Durations(metrics), new UserMetrics(metrics, configuration.perUser()));
    }

    /** Returns the receiver of the node's events. */
    EventSink events() {
        return events;
    }

    /** Adds what needs a running node. */
    void start(ClusterNode cluster, StorageWatch storage, Alerts alerts) {
        ServerGauges gauges = new ServerGauges(metrics);
        gauges.build(configuration.cluster().self().appVersion());
        gauges.members(cluster.roll(), cluster.alerts());
        for (String store : storage.stores()) {
            gauges.store(
                    store,
                    () -> storage.spaces().getOrDefault(store, UNKNOWN),
                    Space::total,
                    Space::free,
                    space -> space.isReadOnly() ? 1 : 0);
        }
        AlertGauges.add(metrics, () -> alerts.firing().size());
    }
}
