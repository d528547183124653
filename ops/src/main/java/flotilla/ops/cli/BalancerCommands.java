package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.balancer.HaproxyConfig;
import flotilla.ops.balancer.KubernetesManifest;
import flotilla.ops.balancer.NftablesRules;
import flotilla.ops.balancer.Site;
import flotilla.ops.config.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Subcommands that print a balancer's configuration from that of the nodes. */
final class BalancerCommands {
    private BalancerCommands() {}

    /** The common part of these subcommands. */
    abstract static class Base implements Callable<Integer> {
        @Mixin
        private AdminOptions options = new AdminOptions();

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Option(names = "--vip", paramLabel = "ADDRESS", description = "The address that clients dial.")
        private String vip = "";

        @Override
        public Integer call() throws Exception {
            spec.commandLine().getOut().print(print(options.configuration()));
            spec.commandLine().getOut().flush();
            return 0;
        }

        abstract String print(Configuration configuration) throws Exception;

        Site site(Configuration configuration, List<Site.Node> nodes) {
            return Site.of(configuration, vip, nodes);
        }

        /** Returns the nodes that were named, or else those of the running cluster. */
        List<Site.Node> nodes(List<String> named) throws Exception {
            List<Site.Node> nodes = new ArrayList<>();
            for (String node : named) {
                int equals = node.indexOf('=');
                nodes.add(
                        equals < 0
                                ? new Site.Node("node-" + (nodes.size() + 1), node)
                                : new Site.Node(node.substring(0, equals), node.substring(equals + 1)));
            }
            if (nodes.isEmpty()) {
                nodes.addAll(running());
            }
            for (Site.Node node : nodes) {
                if (!node.name().matches("[A-Za-z0-9_.-]+") || !node.address().matches("[A-Za-z0-9_.:-]+")) {
                    throw new IllegalArgumentException("not a node: " + node.name() + "=" + node.address());
                }
            }
            return nodes;
        }

        /** Returns the nodes with listeners. A node of an older release does not report their addresses. */
        private List<Site.Node> running() throws Exception {
            JsonNode answer = options.client().get("nodes");
            List<Site.Node> edges = new ArrayList<>();
            for (JsonNode node : answer.path("nodes")) {
                boolean edge = false;
                for (JsonNode role : node.path("roles")) {
                    edge |= role.asText().equals("edge");
                }
                if (edge) {
                    edges.add(new Site.Node(
                            node.path("name").asText(),
                            node.path("listeners")
                                    .path(0)
                                    .asText(node.path("address").asText())));
                }
            }
            for (JsonNode silent : answer.path("incomplete")) {
                warn(silent.asText() + " did not answer and is left out");
            }
            if (edges.isEmpty()) {
                throw new IllegalArgumentException("no node that answered has the role edge");
            }
            return edges;
        }

        /** Warns the operator on standard error, so that standard output stays a configuration. */
        void warn(String what) {
            spec.commandLine().getErr().println("flotilla: " + what);
            spec.commandLine().getErr().flush();
        }
    }

    @Command(
            name = "haproxy",
            mixinStandardHelpOptions = true,
            description = "Prints a configuration of HAProxy for the nodes with this configuration.",
            footer = {
                "  flotilla haproxy --vip 192.0.2.10",
                "  flotilla haproxy --vip 192.0.2.10 node-1=10.0.0.1 node-2=10.0.0.2"
            })
    static final class Haproxy extends Base {
        @Parameters(
                arity = "0..*",
                paramLabel = "NODE",
                description =
                        "ADDRESS or NAME=ADDRESS of each node. Default: the nodes of the running cluster with the role edge.")
        private List<String> named = new ArrayList<>();

        @Override
        String print(Configuration configuration) throws Exception {
            Site site = site(configuration, nodes(named));
            HaproxyConfig.shortcoming(site).ifPresent(this::warn);
            return HaproxyConfig.of(site);
        }
    }

    @Command(
            name = "nftables",
            mixinStandardHelpOptions = true,
            description = "Prints rules of nftables that spread connections over the nodes.",
            footer = "  flotilla nftables --vip 192.0.2.10")
    static final class Nftables extends Base {
        @Parameters(
                arity = "0..*",
                paramLabel = "NODE",
                description =
                        "ADDRESS or NAME=ADDRESS of each node. Default: the nodes of the running cluster with the role edge.")
        private List<String> named = new ArrayList<>();

        @Override
        String print(Configuration configuration) throws Exception {
            return NftablesRules.of(site(configuration, nodes(named)));
        }
    }

    @Command(
            name = "kubernetes",
            mixinStandardHelpOptions = true,
            description = "Prints a StatefulSet and its Services for this configuration.",
            footer = "  flotilla kubernetes --image registry.example.org/flotilla:1.0.0 --replicas 3")
    static final class Kubernetes extends Base {
        private static final int CLUSTER_PORT = 25520;
        private static final int HAZELCAST_PORT = 5701;
        private static final int ADMIN_PORT = 8421;

        @Option(
                names = "--image",
                paramLabel = "IMAGE",
                description = "Image of the pods, made by ops/bin/image; default ${DEFAULT-VALUE}.")
        private String image = "localhost/flotilla:latest";

        @Option(names = "--replicas", paramLabel = "COUNT", description = "Number of pods; default ${DEFAULT-VALUE}.")
        private int replicas = 3;

        @Override
        String print(Configuration configuration) {
            int cluster = configuration.cluster().network().remotingPort();
            int hazelcast = configuration.cluster().network().hazelcastPort();
            return KubernetesManifest.of(
                    site(configuration, List.of()).withAdminPort(ADMIN_PORT),
                    image,
                    replicas,
                    cluster == 0 ? CLUSTER_PORT : cluster,
                    hazelcast == 0 ? HAZELCAST_PORT : hazelcast);
        }
    }
}
