package flotilla.ops.config;

import flotilla.cluster.ClusterSettings;
import flotilla.cluster.ClusterSettings.Database;
import flotilla.node.WireTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The keys of the cluster and of the accounts' database. */
final class ClusterKeys {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Keys keys;
    private final Path dataDir;
    private final List<Integer> passivePorts;

    ClusterKeys(Keys keys, Path dataDir, List<Integer> passivePorts) {
        this.keys = keys;
        this.dataDir = dataDir;
        this.passivePorts = passivePorts;
    }

    ClusterSettings read() {
        String name = keys.text("flotilla.node.name");
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")) {
            keys.note("flotilla.node.name", "must be letters, digits, '.', '_' and '-', not " + name);
        }
        String version = ClusterKeys.class.getPackage().getImplementationVersion();
        return new ClusterSettings(
                name,
                List.of("edge", "worker"),
                keys.text("flotilla.cluster.bind"),
                keys.number("flotilla.cluster.port", 0, 65535),
                keys.number("flotilla.cluster.hazelcast-port", 0, 65535),
                keys.texts("flotilla.cluster.seeds"),
                version == null ? "0.1.0" : version,
                passivePorts,
                keys.duration("flotilla.tls.ticket-rotation", Duration.ofMinutes(1)),
                database(),
                WireTable.types(),
                keys.duration("flotilla.limits.operation-timeout", SECOND));
    }

    private Database database() {
        String url = keys.text("flotilla.users.jdbc-url");
        int connections = keys.number("flotilla.users.max-connections", 1, 64);
        int cached = keys.number("flotilla.users.max-cached", 100, 10_000_000);
        if (!url.isEmpty() && !url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:postgresql:")) {
            keys.note("flotilla.users.jdbc-url", "must begin with jdbc:h2: or jdbc:postgresql:");
        }
        String chosen = url.isEmpty() ? Database.embedded(dataDir).jdbcUrl() : url;
        return new Database(chosen, connections, cached);
    }
}
