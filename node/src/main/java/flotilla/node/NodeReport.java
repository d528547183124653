package flotilla.node;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.Figures;
import flotilla.cluster.Limits;
import flotilla.node.overview.NodeFacts;
import flotilla.node.overview.OverviewMessage.LeaseView;
import flotilla.node.overview.OverviewMessage.NodeView;
import flotilla.node.overview.OverviewMessage.SlotsView;
import flotilla.node.refusal.Refusal;
import flotilla.node.trace.TraceRing;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;

/** Reports the state of a node to its overview. */
final class NodeReport implements NodeFacts {
    /** Prefixes of the roles that only serve the members of the cluster. */
    private static final List<String> INTERNAL_ROLES = List.of("hz-", "hzv-", "dc-", "name-");

    private final FtpsNode node;
    private final List<InetAddress> bind;

    /**
     * Creates the report.
     *
     * @param bind addresses of the listeners for control connections, used on an edge only
     */
    NodeReport(FtpsNode node, List<InetAddress> bind) {
        this.node = node;
        this.bind = bind;
    }

    /**
     * The addresses that clients dial. For a listener on every address, the address of the cluster's ports is the best
     * guess.
     */
    static List<String> dialled(List<InetAddress> bind, String clusterAddress) {
        return bind.stream()
                .map(address -> address.isAnyLocalAddress() ? clusterAddress : address.getHostAddress())
                .distinct()
                .toList();
    }

    @Override
    public NodeView view() {
        ClusterNode cluster = node.cluster();
        Member self = Cluster.get(cluster.system()).selfMember();
        String address = self.address().getHost().orElse("");
        return new NodeView(
                cluster.name(),
                address,
                self.appVersion().version(),
                self.getRoles().stream()
                        .filter(role -> INTERNAL_ROLES.stream().noneMatch(role::startsWith))
                        .sorted()
                        .toList(),
                node.upSince(),
                node.connections(),
                node.live().count(),
                node.transfers(),
                node.digests(),
                leased(),
                node.isDraining(),
                node.unready(),
                cluster.hasRole(PassiveDoors.EDGE) ? dialled(bind, address) : List.of(),
                System.currentTimeMillis(),
                node.counts());
    }

    @Override
    public List<LeaseView> leases(int limit) {
        return node.cluster().passivePool().list(limit).stream()
                .map(lease -> new LeaseView(lease.port(), lease.client(), lease.sessionId()))
                .toList();
    }

    @Override
    public List<SlotsView> slots() {
        return node.cluster().limits().heldHere().entrySet().stream()
                .filter(each -> each.getKey().kind() != Limits.Key.Kind.TOTAL)
                .map(each -> new SlotsView(
                        each.getKey().kind() == Limits.Key.Kind.USER,
                        each.getKey().value(),
                        each.getValue()))
                .toList();
    }

    @Override
    public List<Refusal> refusals(String about, int limit) {
        return node.records().refusals().about(about, limit);
    }

    @Override
    public Optional<TraceRing> trace() {
        return Optional.of(node.records().trace());
    }

    @Override
    public List<Figures.Minute> figures(Figures.Part part) {
        return node.records().figures().running(part);
    }

    @Override
    public int leased() {
        return node.cluster().passivePool().leased();
    }
}
