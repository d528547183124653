package flotilla.ops.balancer;

import flotilla.node.NodeSettings;
import flotilla.node.protocol.Proxy.Mode;
import flotilla.ops.config.Configuration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a balancer must know.
 *
 * @param vip address that clients dial; empty for all
 * @param control ports of control connections
 * @param passive ports of data connections, in order
 * @param proxyHeader whether nodes want a PROXY header
 * @param listeners where this configuration's own node listens
 * @param admin the API that tells a node's health
 * @param sessionLifetime a control connection may be silent that long, while a file moves
 * @param dataSilence longest silence on a data connection that the nodes allow
 * @param maxSessions of the cluster, 0 for no limit
 * @param drainTransfers how long a node may take to stop
 */
public record Site(
        String vip,
        List<Node> nodes,
        List<Integer> control,
        List<Integer> passive,
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
     * @param name a word
     */
    public record Node(String name, String address) {}

    /**
     * The admin API.
     *
     * @param port 0 for none that a balancer could know
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

    /** The site that nodes with this configuration make. */
    public static Site of(Configuration configuration, String vip, List<Node> nodes) {
        NodeSettings node = configuration.node();
        List<Integer> control = new ArrayList<>();
        if (node.control().explicitPort() != 0) {
            control.add(node.control().explicitPort());
        }
        if (node.control().implicitPort() != 0) {
            control.add(node.control().implicitPort());
        }
        Duration idle = node.control().idleTimeout();
        Duration stall = node.data().stallTimeout();
        return new Site(
                vip,
                nodes,
                control,
                node.data().ports(),
                node.control().proxy().mode() != Mode.OFF,
                node.control().bind(),
                new Admin(
                        configuration.admin().bind(),
                        configuration.admin().enabled() ? configuration.admin().port() : 0,
                        configuration.admin().tls().isPresent()),
                node.control().maxLifetime(),
                (idle.compareTo(stall) > 0 ? idle : stall).plus(MARGIN),
                node.control().maxSessions(),
                node.data().maxTransfers(),
                node.drain().lbDelay(),
                node.drain().transfers());
    }

    /** The same with health checks on this port unless it has one. */
    public Site withAdminPort(int port) {
        return admin.isKnown()
                ? this
                : new Site(
                        vip,
                        nodes,
                        control,
                        passive,
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
     * Whether every node's admin API answers at the address of its server line. All nodes are taken to be made alike:
     * when the API of one is at the address of its listeners, so is that of the others.
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

    /** A name that is not known here has none. */
    private static Stream<InetAddress> addresses(String host) {
        try {
            return Stream.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return Stream.empty();
        }
    }

    /** The passive ports as ranges. */
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
