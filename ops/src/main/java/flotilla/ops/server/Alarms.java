package flotilla.ops.server;

import flotilla.cluster.AlertBoard.Reading;
import flotilla.cluster.ClusterNode;
import flotilla.node.FtpsNode;
import flotilla.node.event.EventSink;
import flotilla.ops.alert.Alerts;
import flotilla.ops.alert.NodesWatch;
import flotilla.ops.alert.QuotaWatch;
import flotilla.ops.alert.RecentCounts;
import flotilla.ops.alert.Rules;
import flotilla.ops.alert.StorageWatch;
import flotilla.ops.alert.Watched;
import flotilla.ops.config.Configuration;
import flotilla.storage.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Gathers what alerts of a server are made of. It receives the node's events from the start on. */
final class Alarms {
    private static final double DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

    private final RecentCounts counts;
    private final String name;

    /** @param name name of the node */
    Alarms(String name) {
        this.name = name;
        this.counts = new RecentCounts(name, () -> TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()));
    }

    /** Returns the receiver of the node's events. */
    EventSink events() {
        return counts;
    }

    /**
     * Starts the alerts.
     *
     * @param now the configuration in force
     * @param more what others watch
     * @throws IOException when a target cannot be used
     */
    Alerts start(
            FtpsNode node,
            Supplier<Configuration> now,
            Outputs outputs,
            ExpiryWatch expiry,
            StorageWatch storage,
            List<Watched> more)
            throws IOException {
        ClusterNode cluster = node.cluster();
        List<Watched> watched = new ArrayList<>(more);
        watched.add(counts);
        watched.add(storage);
        watched.add(() -> List.of(new Reading(Rules.SESSIONS, "", node.live().count(), "")));
        watched.add(new NodesWatch(cluster.alerts(), cluster.roll(), name, Clock.systemUTC()));
        watched.add(new QuotaWatch(cluster.alerts(), cluster.users(), cluster.quotas(), node.live()::users));
        watched.add(() -> logs(outputs));
        watched.add(() -> certificates(expiry.present(), Instant.now()));
        return Alerts.start(
                cluster.alerts(),
                new Alerts.Self(now.get().cluster().leases().clusterName(), name),
                () -> now.get().alerts(),
                () -> now.get().expiryDays(),
                watched);
    }

    /** Watches the stores of a node. */
    static StorageWatch storage(FtpsNode node, Configuration configuration) {
        Map<String, Path> roots = new TreeMap<>();
        for (StoreSettings store : configuration.node().storage().stores()) {
            if (store.type().equals("local")) {
                store.find("root")
                        .ifPresent(root -> roots.put(store.name().isEmpty() ? "default" : store.name(), Path.of(root)));
            }
        }
        return new StorageWatch(configuration.cluster().self().name(), roots, node::storesAway, node::fullStorages);
    }

    private List<Reading> logs(Outputs outputs) {
        return outputs.failing().stream()
                .map(log -> new Reading(Rules.LOG, name + " " + log, 1, ""))
                .toList();
    }

    static List<Reading> certificates(List<Expiry> present, Instant now) {
        return present.stream()
                .map(one -> {
                    double days = Math.ceil(Duration.between(now, one.end()).toMillis() / DAY_MILLIS);
                    String text = "the certificate " + one.name() + " (" + one.use() + ") "
                            + (days > 0 ? "ends on " : "has ended on ") + one.end();
                    return new Reading(
                            Rules.CERTIFICATE, one.name() + " " + one.use() + " " + one.fingerprint(), days, text);
                })
                .toList();
    }
}
