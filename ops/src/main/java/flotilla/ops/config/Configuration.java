package flotilla.ops.config;

import com.typesafe.config.Config;
import flotilla.cluster.ClusterSettings;
import flotilla.node.NodeSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A checked configuration.
 *
 * @param dataDir absolute
 * @param generateCertificate where to make one if it is not there, when none is configured
 */
public record Configuration(
        Path dataDir, NodeSettings node, ClusterSettings cluster, LogSettings log, Optional<Path> generateCertificate) {

    /** Which logs are written. Empty text is off, {@code -} standard output. @param trace users and addresses */
    public record LogSettings(String nativeLog, String xferlog, String json, List<String> trace) {
        public LogSettings {
            trace = List.copyOf(trace);
        }
    }

    /**
     * Reads and checks a configuration.
     *
     * @param settings {@code KEY=VALUE} of {@code --set}
     * @throws ConfigException with every problem found
     */
    public static Configuration load(Optional<Path> file, Map<String, String> environment, List<String> settings)
            throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        Config config = new ConfigSource(problems).load(file, environment, settings);
        Keys keys = new Keys(config, problems);
        Path dataDir = keys.path("flotilla.data-dir", Path.of("flotilla-data").toAbsolutePath());
        CertificateKeys certificates = new CertificateKeys(keys, dataDir);
        NodeSettings node = new NodeKeys(keys, dataDir, certificates).read();
        ClusterSettings cluster = new ClusterKeys(keys, dataDir, node.data().ports()).read();
        LogSettings log = new LogSettings(
                keys.text("flotilla.log.native"),
                keys.text("flotilla.log.xferlog"),
                keys.text("flotilla.log.json"),
                keys.texts("flotilla.log.trace"));
        checkPorts(keys, node);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Configuration(dataDir, node, cluster, log, certificates.generated());
    }

    private static void checkPorts(Keys keys, NodeSettings node) {
        Set<Integer> taken = new HashSet<>();
        int explicit = node.control().explicitPort();
        int implicit = node.control().implicitPort();
        if (explicit == 0 && implicit == 0) {
            keys.note(
                    "flotilla.listeners.explicit.port",
                    "and flotilla.listeners.implicit.port are both 0: nothing to listen on");
        }
        if (explicit != 0) {
            taken.add(explicit);
        }
        if (implicit != 0 && !taken.add(implicit)) {
            keys.note(
                    "flotilla.listeners.implicit.port", "overlaps with flotilla.listeners.explicit.port: " + implicit);
        }
        for (int port : node.data().ports()) {
            if (!taken.add(port)) {
                keys.note("flotilla.passive.ports", "overlaps with a listener: " + port);
            }
        }
    }
}
