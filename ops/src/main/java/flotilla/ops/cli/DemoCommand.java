package flotilla.ops.cli;

import flotilla.ops.account.GeneratedPassword;
import flotilla.ops.config.OwnDirectory;
import flotilla.ops.demo.DemoCluster;
import flotilla.ops.demo.DemoPlan;
import flotilla.ops.demo.NodeCommand;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code flotilla demo-cluster}: runs a cluster on this machine as a demonstration. */
@Command(
        name = "demo-cluster",
        mixinStandardHelpOptions = true,
        description =
                "Runs three nodes behind HAProxy on this machine and prints commands to try. Ctrl-C ends all of them.",
        footer = "  flotilla demo-cluster")
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            paramLabel = "DIRECTORY",
            description = "Directory for all files; default ${DEFAULT-VALUE}.")
    private Path directory = Path.of("flotilla-demo");

    @Option(
            names = "--vip",
            paramLabel = "ADDRESS",
            description = "Address that clients dial; default ${DEFAULT-VALUE}.")
    private String vip = "127.0.0.1";

    @Option(
            names = "--nodes",
            split = ",",
            paramLabel = "ADDRESS",
            description = "A loopback address of each node; default 127.0.0.2,127.0.0.3,127.0.0.4.")
    private List<String> nodes = new ArrayList<>(List.of("127.0.0.2", "127.0.0.3", "127.0.0.4"));

    @Option(names = "--port", paramLabel = "PORT", description = "Port for explicit TLS; default ${DEFAULT-VALUE}.")
    private int explicitPort = 2121;

    @Option(
            names = "--implicit-port",
            paramLabel = "PORT",
            description = "Port for implicit TLS; default ${DEFAULT-VALUE}.")
    private int implicitPort = 9990;

    @Option(
            names = "--passive-ports",
            paramLabel = "PORTS",
            description = "Ports for data connections; default ${DEFAULT-VALUE}.")
    private String passivePorts = "21000-21049";

    @Option(
            names = "--s3",
            description = "Puts the files into a service of objects (s3proxy), so that the nodes share no directory.")
    private boolean isS3;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** Returns the program for {@code --s3}, which the launcher of a checkout fetches. */
    private Optional<Path> s3proxy() {
        if (!isS3) {
            return Optional.empty();
        }
        String named = System.getenv().getOrDefault("FLOTILLA_S3PROXY", "");
        if (named.isEmpty() || !Files.isReadable(Path.of(named))) {
            throw new IllegalStateException("--s3 needs s3proxy: set FLOTILLA_S3PROXY to its jar with dependencies"
                    + " (Maven: org.gaul:s3proxy, classifier jar-with-dependencies)");
        }
        return Optional.of(Path.of(named));
    }

    @Override
    public Integer call() throws Exception {
        if (nodes.size() < 2 || !nodes.stream().allMatch(node -> node.startsWith("127.")) || !vip.startsWith("127.")) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--nodes must be two or more loopback addresses (127.0.0.2,...), --vip one");
        }
        if (!directory.isAbsolute()) {
            OwnDirectory.problem(directory).ifPresent(problem -> {
                throw new IllegalStateException("--dir: " + problem);
            });
        }
        DemoPlan plan = new DemoPlan(directory, vip, nodes, explicitPort, implicitPort, passivePorts, s3proxy());
        try (DemoCluster cluster =
                new DemoCluster(plan, NodeCommand.detect(), spec.commandLine().getOut())) {
            Thread end = new Thread(cluster::close, "flotilla-demo-end");
            Runtime.getRuntime().addShutdownHook(end);
            cluster.start(GeneratedPassword.next());
            BufferedReader keys = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (keys.readLine() != null) {
                cluster.startEnded();
            }
            new CountDownLatch(1).await(); // there is no keyboard, so it runs until Ctrl-C
        }
        return 0;
    }
}
