package flotilla.ops.cli;

import flotilla.node.FtpsNode;
import flotilla.node.event.EventSink;
import flotilla.node.overview.ClusterOverview;
import flotilla.node.overview.Members;
import flotilla.ops.admin.AdminServer;
import flotilla.ops.admin.Health;
import flotilla.ops.config.Configuration;
import flotilla.ops.metrics.Metrics;
import flotilla.ops.metrics.NodeGauges;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The admin API of a server with its metrics. */
final class Administration {
    private Administration() {}

    /** An open API. */
    interface Door extends AutoCloseable {
        /** Where programs on this machine find it; empty while there is none. */
        Optional<String> url();

        @Override
        void close();
    }

    /** What a node tells its events to, before it is there: with the API off, nothing of it is even loaded. */
    interface Prepared {
        EventSink with(EventSink others);

        /** Opens the door to a node that runs. */
        Door open(FtpsNode node, Outputs outputs) throws IOException;
    }

    static Prepared prepare(Configuration configuration) {
        return configuration.admin().enabled() ? new On(configuration, new Metrics()) : new Off();
    }

    private static final class Off implements Prepared {
        @Override
        public EventSink with(EventSink others) {
            return others;
        }

        @Override
        public Door open(FtpsNode node, Outputs outputs) {
            return new Door() {
                @Override
                public Optional<String> url() {
                    return Optional.empty();
                }

                @Override
                public void close() {}
            };
        }
    }

    private record On(Configuration configuration, Metrics metrics) implements Prepared {
        @Override
        public EventSink with(EventSink others) {
            return EventSink.both(others, metrics);
        }

        @Override
        public Door open(FtpsNode node, Outputs outputs) throws IOException {
            Members members =
                    new Members(node.cluster().system(), configuration.admin().nodeTimeout());
            NodeGauges gauges = new NodeGauges(metrics, node, configuration.node(), members, outputs::lostLines);
            outputs.hooks().queues().forEach(gauges::count);
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
                    outputs.audit());
            return new Opened(server, gauges);
        }
    }

    private record Opened(AdminServer server, NodeGauges gauges) implements Door {
        @Override
        public Optional<String> url() {
            return Optional.of(server.url());
        }

        @Override
        public void close() {
            server.close();
            gauges.close();
        }
    }
}
