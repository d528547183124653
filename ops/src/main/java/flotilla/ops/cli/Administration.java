package flotilla.ops.cli;

import flotilla.node.FtpsNode;
import flotilla.node.event.EventSink;
import flotilla.node.overview.ClusterOverview;
import flotilla.node.overview.Members;
import flotilla.ops.admin.AdminServer;
import flotilla.ops.admin.Health;
import flotilla.ops.config.Configuration;
import flotilla.ops.log.AuditLog;
import flotilla.ops.metrics.Metrics;
import flotilla.ops.metrics.NodeGauges;
import java.io.IOException;
import java.util.List;

/** The admin API of a server with its metrics and its audit log. */
final class Administration implements AutoCloseable {
    private final AdminServer server;
    private final NodeGauges gauges;
    private final AuditLog audit;

    private Administration(AdminServer server, NodeGauges gauges, AuditLog audit) {
        this.server = server;
        this.gauges = gauges;
        this.audit = audit;
    }

    /** What a node tells its events to, before it is there: with the API off, nothing of it is even loaded. */
    interface Prepared {
        EventSink with(EventSink logs);

        /** Opens the door to a node that runs. */
        AutoCloseable open(FtpsNode node) throws IOException;
    }

    static Prepared prepare(Configuration configuration) {
        return configuration.admin().isOn() ? new On(configuration, new Metrics()) : new Off();
    }

    private static final class Off implements Prepared {
        @Override
        public EventSink with(EventSink logs) {
            return logs;
        }

        @Override
        public AutoCloseable open(FtpsNode node) {
            return () -> {};
        }
    }

    private record On(Configuration configuration, Metrics metrics) implements Prepared {
        @Override
        public EventSink with(EventSink logs) {
            return EventSink.both(logs, metrics);
        }

        @Override
        public AutoCloseable open(FtpsNode node) throws IOException {
            Members members =
                    new Members(node.cluster().system(), configuration.admin().nodeTimeout());
            NodeGauges gauges = new NodeGauges(metrics, node, configuration.node(), members);
            AuditLog audit = AuditLog.open(configuration.log().audit());
            Health health = new Health() {
                @Override
                public List<String> unready() {
                    return node.unready();
                }

                @Override
                public String metrics() {
                    return gauges.scrape();
                }
            };
            AdminServer server = AdminServer.open(
                    configuration.dataDir(),
                    configuration.admin(),
                    configuration.node(),
                    node.cluster(),
                    new ClusterOverview(members),
                    health,
                    audit);
            return new Administration(server, gauges, audit);
        }
    }

    @Override
    public void close() {
        server.close();
        gauges.close();
        audit.close();
    }
}
