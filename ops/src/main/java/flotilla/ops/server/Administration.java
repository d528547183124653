package flotilla.ops.server;

import flotilla.node.FtpsNode;
import flotilla.node.overview.ClusterOverview;
import flotilla.node.overview.Members;
import flotilla.ops.admin.ControlPlane.Api;
import flotilla.ops.admin.Door;
import flotilla.ops.admin.Health;
import flotilla.ops.admin.Site;
import flotilla.ops.config.AdminSettings;
import flotilla.ops.config.Configuration;
import flotilla.ops.console.Console;
import flotilla.ops.metrics.Metrics;
import flotilla.ops.metrics.NodeGauges;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The parts of a server that the admin API shows: the cluster's overview, its health and its metrics. */
final class Administration implements Health, AutoCloseable {
    private final FtpsNode node;
    private final NodeGauges gauges;
    private final ClusterOverview overview;
    private final Optional<Function<Door, Site>> site;

    /**
     * Creates the parts.
     *
     * @param metrics receive the node's events already
     */
    Administration(Configuration configuration, FtpsNode node, Outputs outputs, Metrics metrics) {
        this.node = node;
        Members members =
                new Members(node.cluster().system(), configuration.admin().nodeTimeout());
        this.gauges = new NodeGauges(metrics, node, members, outputs::lostLines);
        this.overview = new ClusterOverview(members);
        AdminSettings admin = configuration.admin();
        int most = Math.min(
                admin.console().maxStreams(), Math.max(1, (admin.maxConnections() - admin.healthConnections()) / 2));
        this.site = admin.console().enabled()
                ? Optional.of(door -> new Console(admin.console(), most, node.cluster(), door))
                : Optional.empty();
        outputs.hooks().queues().forEach(gauges::count);
    }

    Api api() {
        return new Api(overview, this, site);
    }

    @Override
    public List<String> unready() {
        return node.unready();
    }

    @Override
    public String metrics() {
        return gauges.scrape();
    }

    @Override
    public void close() {
        gauges.close();
    }
}
