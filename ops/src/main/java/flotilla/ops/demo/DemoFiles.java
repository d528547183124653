package flotilla.ops.demo;

import flotilla.cluster.protection.ClusterKey;
import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.node.tls.KeyMaterial;
import flotilla.ops.balancer.HaproxyConfig;
import flotilla.ops.balancer.Site;
import flotilla.ops.config.Configuration;
import flotilla.ops.local.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Certificates, keys and configurations of a demonstration. It uses the files of an earlier one again. */
final class DemoFiles {
    private static final Duration VALIDITY = Duration.ofDays(825);

    private static final String TEMPLATE = """
            # Made by flotilla demo-cluster, which writes it anew at each start.
            flotilla {
              data-dir = "@DIRECTORY@/@NAME@"
              node.name = "@NAME@"
              listeners { bind = ["@ADDRESS@"], explicit.port = @EXPLICIT@, implicit.port = @IMPLICIT@ }
              passive.ports = "@PASSIVE@"
              proxy-protocol = "@PROXY@"
              proxy-trusted = ["127.0.0.0/8"]
              tls.certificate = "@DIRECTORY@/server.pem"
              @STORAGE@
              users.jdbc-url = "@JDBC@"
              admin { bind = "@ADDRESS@", port = @ADMIN@ }
              limits { max-sessions = 1000, max-transfers = 64 }
              drain { lb-delay = 3s, transfers = 2m }
              log.native = "@DIRECTORY@/@NAME@/native.log"
              cluster {
                bind = "@ADDRESS@"
                port = @CLUSTER@
                hazelcast-port = @HAZELCAST@
                seeds = [@SEEDS@]
                key-file = "@DIRECTORY@/cluster/cluster.key"
                tls.ca = "@DIRECTORY@/cluster/cluster-ca.pem"
                tls.certificate = "@DIRECTORY@/cluster/@NAME@.pem"
                tls.private-key = "@DIRECTORY@/cluster/@NAME@.key"
              }
            }
            """;

    private final DemoPlan plan;

    DemoFiles(DemoPlan plan) {
        this.plan = plan;
    }

    Path directory() {
        return plan.directory();
    }

    /** Returns the certificate for clients, without the key. */
    Path certificate() {
        return plan.directory().resolve("certificate.pem");
    }

    Path storage() {
        return plan.directory().resolve("files");
    }

    Path sample() {
        return plan.directory().resolve("hello.txt");
    }

    Path configuration(int index) {
        return plan.directory().resolve(plan.name(index) + ".conf");
    }

    Path log(String name) {
        return plan.directory().resolve(name + ".log");
    }

    private Path cluster(String file) {
        return plan.directory().resolve("cluster").resolve(file);
    }

    /** Returns the service of objects that has the files; empty when they lie in a directory. */
    Optional<DemoObjects> objects() {
        return plan.s3proxy().map(jar -> new DemoObjects(plan.directory(), jar));
    }

    /** Creates the files that are missing. */
    void makeSecrets() throws Exception {
        if (plan.s3proxy().isEmpty()) {
            Files.createDirectories(storage());
        }
        Files.createDirectories(cluster(""));
        if (!Files.exists(cluster("cluster.key"))) {
            ClusterKey.create(cluster("cluster.key"));
        }
        if (!Files.exists(cluster("cluster-ca.pem"))) {
            CertificateMaker.write(
                    CertificateMaker.authority("Flotilla cluster", VALIDITY),
                    cluster("cluster-ca.pem"),
                    cluster("cluster-ca.key"));
        }
        KeyMaterial authority = KeyMaterial.read(cluster("cluster-ca.pem"), cluster("cluster-ca.key"), "");
        for (int i = 0; i < plan.nodes().size(); i++) {
            KeyMaterial node = CertificateMaker.node(
                    authority, plan.name(i), List.of(), List.of(plan.nodes().get(i)), VALIDITY);
            CertificateMaker.write(node, cluster(plan.name(i) + ".pem"), cluster(plan.name(i) + ".key"));
        }
        List<String> addresses = new ArrayList<>(plan.nodes());
        addresses.add(plan.vip());
        KeyMaterial server = CertificateMaker.selfSigned(KeyKind.EC, List.of("localhost"), addresses, VALIDITY);
        CertificateMaker.write(server, plan.directory().resolve("server.pem"));
        CertificateMaker.writeCertificates(server, certificate());
        Files.writeString(sample(), "Any node takes any connection.\n");
    }

    /**
     * Writes the configuration of every node.
     *
     * @param jdbcUrl URL of the accounts' database
     * @param balanced whether connections come through a balancer
     */
    void writeConfigurations(String jdbcUrl, boolean balanced) throws IOException {
        for (int i = 0; i < plan.nodes().size(); i++) {
            PrivateFile.write(configuration(i), node(i, jdbcUrl, balanced));
        }
    }

    private String node(int index, String jdbcUrl, boolean balanced) {
        String seeds = plan.nodes().stream()
                .map(node -> '"' + node + ':' + DemoPlan.CLUSTER_PORT + '"')
                .collect(Collectors.joining(", "));
        String storage = objects().map(DemoObjects::settings).orElse("storage.root = \"@DIRECTORY@/files\"");
        return TEMPLATE.replace("@STORAGE@", storage)
                .replace("@NAME@", plan.name(index))
                .replace("@ADDRESS@", plan.nodes().get(index))
                .replace("@SEEDS@", seeds)
                .replace("@CLUSTER@", String.valueOf(DemoPlan.CLUSTER_PORT))
                .replace("@HAZELCAST@", String.valueOf(DemoPlan.HAZELCAST_PORT))
                .replace("@ADMIN@", String.valueOf(DemoPlan.ADMIN_PORT))
                .replace("@EXPLICIT@", String.valueOf(plan.explicitPort()))
                .replace("@IMPLICIT@", String.valueOf(plan.implicitPort()))
                .replace("@PASSIVE@", plan.passivePorts())
                .replace("@PROXY@", balanced ? "accept" : "off")
                .replace("@JDBC@", jdbcUrl)
                .replace("@DIRECTORY@", escaped(plan.directory().toString()));
    }

    private static String escaped(String path) {
        return path.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /**
     * Writes the output of {@code flotilla haproxy} for these nodes.
     *
     * @return the file
     */
    Path writeBalancer() throws Exception {
        Configuration configuration = Configuration.load(Optional.of(configuration(0)), Map.of(), List.of());
        List<Site.Node> nodes = IntStream.range(0, plan.nodes().size())
                .mapToObj(i -> new Site.Node(plan.name(i), plan.nodes().get(i)))
                .toList();
        Path file = plan.directory().resolve("haproxy.cfg");
        Files.writeString(file, HaproxyConfig.of(Site.of(configuration, plan.vip(), nodes)));
        return file;
    }
}
