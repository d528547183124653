package flotilla.ops.cli;

import flotilla.cluster.protection.ClusterKey;
import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.KeyMaterial;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The subcommands of {@code flotilla cert} that protect the traffic between nodes. */
final class ClusterCertCommands {
    private static final String CA = "cluster-ca.pem";
    private static final String CA_KEY = "cluster-ca.key";

    private ClusterCertCommands() {}

    /** The common part of these subcommands. */
    abstract static class Base implements Callable<Integer> {
        @Option(names = "--force", description = "Replaces existing files.")
        private boolean force;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        final void refuseToReplace(Path... files) {
            for (Path file : files) {
                if (Files.exists(file) && !force) {
                    throw new IllegalStateException(file + " is there already; --force replaces it");
                }
            }
        }

        final PrintWriter out() {
            return spec.commandLine().getOut();
        }
    }

    /** Creates the authority. */
    @Command(
            name = "cluster-ca",
            mixinStandardHelpOptions = true,
            description = {
                "Makes the authority of a cluster: " + CA + " and " + CA_KEY + ".",
                "Every process with a certificate of this authority counts as a node, so keep " + CA_KEY
                        + " off the nodes."
            },
            footer = "  flotilla cert cluster-ca cluster")
    static final class Authority extends Base {
        @Option(
                names = "--days",
                paramLabel = "DAYS",
                defaultValue = "3650",
                description = "Validity; default ${DEFAULT-VALUE}.")
        private int days;

        @Parameters(paramLabel = "DIRECTORY", description = "Directory for the files.")
        @SuppressWarnings("NullAway.Init")
        private Path directory;

        @Override
        public Integer call() throws Exception {
            Path certificate = directory.resolve(CA);
            Path key = directory.resolve(CA_KEY);
            refuseToReplace(certificate, key);
            CertificateMaker.write(
                    CertificateMaker.authority("Flotilla cluster", Duration.ofDays(days)), certificate, key);
            out().println(certificate);
            out().println(key);
            return 0;
        }
    }

    /** Creates a node's certificate. */
    @Command(
            name = "node",
            mixinStandardHelpOptions = true,
            description =
                    "Makes a node's key and certificate, signed by the cluster's authority: NAME.pem and NAME.key. Prints the keys of the configuration for them.",
            footer = "  flotilla cert node --ca cluster --ip 10.0.0.1 node-1")
    static final class Node extends Base {
        @Option(
                names = "--ca",
                required = true,
                paramLabel = "DIRECTORY",
                description = "Directory of the authority (" + CA + ", " + CA_KEY + ").")
        @SuppressWarnings("NullAway.Init")
        private Path authority;

        @Option(names = "--dns", paramLabel = "NAME", description = "DNS name of the node; may be given again.")
        private List<String> names = new ArrayList<>();

        @Option(names = "--ip", paramLabel = "ADDRESS", description = "IP address of the node; may be given again.")
        private List<String> addresses = new ArrayList<>();

        @Option(
                names = "--days",
                paramLabel = "DAYS",
                defaultValue = "825",
                description = "Validity; default ${DEFAULT-VALUE}.")
        private int days;

        @Option(
                names = "--out",
                paramLabel = "DIRECTORY",
                description = "Directory for the files. Default: that of the authority.")
        private @Nullable Path directory;

        @Parameters(paramLabel = "NAME", description = "Name of the node.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Override
        public Integer call() throws Exception {
            Path target = directory == null ? authority : directory;
            Path certificate = target.resolve(name + ".pem");
            Path key = target.resolve(name + ".key");
            refuseToReplace(certificate, key);
            KeyMaterial signer = KeyMaterial.read(authority.resolve(CA), authority.resolve(CA_KEY), "");
            KeyMaterial made = CertificateMaker.node(signer, name, names, addresses, Duration.ofDays(days));
            CertificateMaker.write(made, certificate, key);
            out().println("flotilla.cluster.tls {");
            out().println("  ca = \"" + authority.resolve(CA).toAbsolutePath().normalize() + '"');
            out().println("  certificate = \"" + certificate.toAbsolutePath().normalize() + '"');
            out().println("  private-key = \"" + key.toAbsolutePath().normalize() + '"');
            out().println("}");
            return 0;
        }
    }

    /** Creates the cluster's key. */
    @Command(
            name = "cluster-key",
            mixinStandardHelpOptions = true,
            description =
                    "Makes the key that encrypts shared data (flotilla.cluster.key-file). Every node needs the same file.",
            footer = "  flotilla cert cluster-key cluster/cluster.key")
    static final class Key extends Base {
        @Parameters(paramLabel = "FILE", description = "File to write.")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Override
        public Integer call() throws Exception {
            refuseToReplace(file);
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.deleteIfExists(file);
            ClusterKey.create(file);
            out().println(file);
            return 0;
        }
    }
}
