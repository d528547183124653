package flotilla.ops.setup;

import com.typesafe.config.ConfigUtil;
import flotilla.ops.setup.SetupPlan.Clients;
import flotilla.ops.setup.SetupPlan.Cluster;
import flotilla.ops.setup.SetupPlan.Places;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The text of a first configuration, with comments. Lines that differ from node to node end with {@link #DIFFERS}, so
 * that the file of one node serves to make that of another.
 */
final class ConfigText {
    /** Ends a line that is another one on each node. */
    static final String DIFFERS = "# differs from node to node";

    private final List<String> lines = new ArrayList<>();

    private ConfigText() {}

    /** Returns the text. */
    static String of(SetupPlan plan) {
        ConfigText text = new ConfigText();
        text.add("# The configuration of this server, made by flotilla init. All keys with their defaults:");
        text.add("# man 5 flotilla.conf. After a change: flotilla check, and a restart.");
        text.add("");
        text.add("flotilla {");
        text.clients(plan.clients(), plan.cluster().isPresent());
        text.places(plan.places());
        plan.cluster().ifPresent(cluster -> text.cluster(cluster, plan.places()));
        text.add("}");
        return String.join("\n", text.lines) + "\n";
    }

    private void add(String line) {
        lines.add(line);
    }

    private void comment(String text) {
        add("");
        add("  # " + text);
    }

    private void clients(Clients clients, boolean many) {
        add("  # Addresses and ports for clients.");
        String bind = clients.bind().stream().map(ConfigUtil::quoteString).collect(Collectors.joining(", "));
        add("  listeners.bind = [" + bind + "]" + (many ? " " + DIFFERS : ""));
        add("  listeners.explicit.port = " + clients.explicitPort());
        add("  listeners.implicit.port = " + clients.implicitPort());
        comment("Data connections. Let these ports and those above through the firewall.");
        add("  passive.ports = " + ConfigUtil.quoteString(clients.passivePorts()));
        clients.passiveAddress().ifPresent(address -> {
            comment("The address that clients dial: that of the NAT router or the balancer.");
            add("  passive.address = " + ConfigUtil.quoteString(address));
        });
    }

    private void places(Places places) {
        comment("The certificate that clients see. flotilla cert verify looks at it as they do.");
        add("  tls.certificate = " + quoted(places.certificate()));
        places.key().ifPresent(key -> add("  tls.private-key = " + quoted(key)));
        comment("Accounts and files. flotilla user add makes accounts.");
        add("  data-dir = " + quoted(places.dataDir()));
        places.storage().ifPresent(root -> add("  storage.root = " + quoted(root)));
        add("  users.demo = false");
        places.logs().ifPresent(logs -> {
            comment("Logs.");
            add("  log.native = " + quoted(logs.resolve("flotilla.log")));
            add("  log.audit = " + quoted(logs.resolve("audit.json")));
        });
    }

    private void cluster(Cluster cluster, Places places) {
        Path directory = places.directory();
        comment("This node of the cluster.");
        add("  node.name = " + ConfigUtil.quoteString(cluster.self().name()) + " " + DIFFERS);
        add("  users.jdbc-url = " + ConfigUtil.quoteString(cluster.database()));
        if (!cluster.balancers().isEmpty()) {
            comment("Connections come through balancers, which tell the addresses of clients.");
            add("  proxy-protocol = require");
            add("  proxy-trusted = ["
                    + cluster.balancers().stream().map(ConfigUtil::quoteString).collect(Collectors.joining(", "))
                    + "]");
        }
        comment("Balancers and Prometheus ask here.");
        add("  admin.bind = " + ConfigUtil.quoteString(cluster.self().address()) + " " + DIFFERS);
        add("  admin.tls.certificate = " + quoted(places.certificate()));
        places.key().ifPresent(key -> add("  admin.tls.private-key = " + quoted(key)));
        comment("The nodes find each other here. All of them name the same seeds.");
        add("  cluster {");
        add("    bind = " + ConfigUtil.quoteString(cluster.self().address()) + " " + DIFFERS);
        add("    port = " + cluster.port());
        add("    hazelcast-port = " + cluster.hazelcastPort());
        add("    seeds = ["
                + cluster.members().stream()
                        .map(member -> ConfigUtil.quoteString(member.address() + ":" + cluster.port()))
                        .collect(Collectors.joining(", "))
                + "]");
        add("    key-file = " + quoted(directory.resolve(ClusterFiles.KEY)));
        add("    tls.ca = " + quoted(directory.resolve(ClusterFiles.AUTHORITY)));
        add("    tls.certificate = " + quoted(directory.resolve(ClusterFiles.NODE)));
        add("    tls.private-key = " + quoted(directory.resolve(ClusterFiles.NODE_KEY)));
        add("  }");
    }

    private static String quoted(Path path) {
        return ConfigUtil.quoteString(path.toString());
    }
}
