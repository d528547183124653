package flotilla.ops.balancer;

import flotilla.node.NodeSettings;
import flotilla.node.protocol.Proxy.Mode;
import flotilla.ops.config.AcmeSettings;
import flotilla.ops.config.Configuration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The facts that a balancer's configuration needs.
 *
 * @param vip address that clients dial; empty for all
 * @param control ports of control connections
 * @param passive ports of data connections, in order
 * @param validation where an authority validates names (ACME); empty for nowhere
 * @param proxyHeader whether nodes want a PROXY header
 * @param listeners addresses of the listeners in this configuration
 * @param admin the admin API, which reports a node's health
 * @param sessionLifetime longest session; a control connection may be silent that long while a file moves
 * @param dataSilence longest silence on a data connection that the nodes allow
 * @param maxSessions limit of the cluster, 0 for no limit
 * @param drainTransfers longest time that a node takes to stop
 */
public record Site(
        String vip,
        List<Node> nodes,
        List<Integer> control,
        List<Integer> passive,
        Optional<Validation> validation,
        boolean proxyHeader,
        List<InetAddress> listeners,
        Admin admin,
        Duration sessionLifetime,
        Duration dataSilence,
        int maxSessions,
        int maxTransfers,
        Duration lbDelay,
        Duration drainTransfers) {

    private static final Duration MARGIN = Duration.ofSeconds(30);

    /**
     * A node behind the balancer.
     *
     * @param name letters, digits and {@code _.-}, without spaces
     */
    public record Node(String name, String address) {}

    /**
     * The connections of an authority that validates names.
     *
     * @param from the port that it dials
     * @param to the port of each node
     * @param proxyHeader whether that port wants a PROXY header
     */
    public record Validation(int from, int to, boolean proxyHeader) {
        private static final int HTTP = 80;
        private static final int TLS = 443;

        static Optional<Validation> of(AcmeSettings acme, int implicitPort, boolean proxyHeader) {
            return switch (acme.proof().challenge()) {
                case TLS_ALPN -> Optional.of(new Validation(TLS, implicitPort, proxyHeader));
                case HTTP -> Optional.of(new Validation(HTTP, acme.proof().httpPort(), false));
                case DNS -> Optional.empty();
            };
        }
    }

    /**
     * The admin API of a node.
     *
     * @param port 0 when the balancer cannot know it
     */
    public record Admin(InetAddress bind, int port, boolean tls) {
        boolean isKnown() {
            return port != 0;
        }
    }

    public Site {
        listeners = List.copyOf(listeners);
        nodes = List.copyOf(nodes);
        control = List.copyOf(control);
        passive = List.copyOf(passive);
    }

    /** Returns the site of nodes that share this configuration. */
    public static Site of(Configuration configuration, String vip, List<Node> nodes) {
        NodeSettings node = configuration.node();
        List<Integer> control = new ArrayList<>();
        if (node.control().listeners().explicitPort() != 0) {
            control.add(node.control().listeners().explicitPort());
        }
        if (node.control().listeners().implicitPort() != 0) {
            control.add(node.control().listeners().implicitPort());
        }
        Duration idle = node.control().times().idle();
        Duration stall = node.data().stallTimeout();
        return new Site(
                vip,
                nodes,
                control,
                node.data().ports(),
                configuration
                        .acme()
                        .flatMap(acme -> Validation.of(
                                acme,
                                node.control().listeners().implicitPort(),
                                node.control().listeners().proxy().mode() != Mode.OFF)),
                node.control().listeners().proxy().mode() != Mode.OFF,
                node.control().listeners().bind(),
                new Admin(
                        configuration.admin().bind(),
                        configuration.admin().enabled() ? configuration.admin().port() : 0,
                        configuration.admin().tls().isPresent()),
                node.control().times().lifetime(),
                (idle.compareTo(stall) > 0 ? idle : stall).plus(MARGIN),
                node.control().admission().maxSessions(),
                node.data().maxTransfers(),
                node.drain().lbDelay(),
                node.drain().transfers());
    }

    /** Returns the same site with health checks on this port, unless it has a port. */
    public Site withAdminPort(int port) {
        return admin.isKnown()
                ? this
                : new Site(
                        vip,
                        nodes,
                        control,
                        passive,
                        validation,
                        proxyHeader,
                        listeners,
                        new Admin(admin.bind(), port, admin.tls()),
                        sessionLifetime,
                        dataSilence,
                        maxSessions,
                        maxTransfers,
                        lbDelay,
                        drainTransfers);
    }

    /**
     * Returns whether the balancer reaches every node's admin API at the address of its server line. It assumes the
     * same configuration on all nodes: if the API of one node is at the address of its listeners, so is that of the
     * others.
     */
    boolean isHealthAtNodes() {
        InetAddress bind = admin.bind();
        if (!admin.isKnown() || bind.isAnyLocalAddress()) {
            return admin.isKnown();
        }
        List<InetAddress> addresses =
                nodes.stream().flatMap(node -> addresses(node.address())).toList();
        return bind.isLoopbackAddress()
                ? addresses.contains(bind) && addresses.stream().allMatch(InetAddress::isLoopbackAddress)
                : addresses.contains(bind) || listeners.contains(bind);
    }

    /** Returns the addresses of a host; none when its name is unknown here. */
    private static Stream<InetAddress> addresses(String host) {
        try {
            return Stream.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return Stream.empty();
        }
    }

    /** Returns the passive ports as ranges. */
    List<String> passiveRanges() {
        List<Integer> sorted = passive.stream().sorted().toList();
        List<String> ranges = new ArrayList<>();
        int first = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            if (i == sorted.size() || sorted.get(i) != sorted.get(i - 1) + 1) {
                int from = sorted.get(first);
                int to = sorted.get(i - 1);
                ranges.add(from == to ? String.valueOf(from) : from + "-" + to);
                first = i;
            }
        }
        return ranges;
    }
}
