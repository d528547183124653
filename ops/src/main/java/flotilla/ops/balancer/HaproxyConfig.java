package flotilla.ops.balancer;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes a configuration for HAProxy 2.2 and newer. HAProxy sends connections to the nodes by turns, and leaves out a
 * node as soon as it reports that it is not ready.
 */
public final class HaproxyConfig {
    private static final int MANY = 100_000;
    /** File descriptors for health checks and for connections that are being closed. */
    private static final int BESIDE = 1_000;

    private static final String CONTROL = "flotilla-control";
    private static final String PASSIVE = "flotilla-passive";
    private static final String VALIDATION = "flotilla-acme";

    private HaproxyConfig() {}

    private static final String HEAD = """
            # Made by flotilla haproxy. Any node takes any connection: no stickiness, no port ranges per node.
            @HINT@
            @CHECK@
            # HAProxy takes as many connections as it may have file descriptors (ulimit -n): @MOST@ for all that the nodes take.
            defaults
                mode tcp
                balance roundrobin
                option clitcpka
                option srvtcpka
                option redispatch
                retries 2
                maxconn @MAX@
                timeout connect 5s
                timeout check 2s
                timeout client-fin 30s
                timeout server-fin 30s
            """;

    private static final String TRUST =
            "# The nodes must trust the address that this balancer's connections come from: flotilla.proxy-trusted";

    private static final String NO_PROXY = """
            # Without PROXY headers the nodes see this balancer's address for every client: limits, bans and passive leases (one
            # client and one port at a time) are shared by all. Better: flotilla.proxy-protocol = require""";

    private static final String ONLY_TCP = """
            # Checked is only whether a node accepts connections: one that drains, or is not fit to take work, gets new ones until its
            # listeners close. Better: let this balancer reach /ready at the address of each server line, with
            # @KEY@""";

    private static final String HEALTH = "    option httpchk GET /ready\n    http-check expect status 200\n";

    /** Returns the complete configuration. */
    public static String of(Site site) {
        long connections = (site.maxSessions() == 0 ? MANY : site.maxSessions())
                + (long) site.maxTransfers() * Math.max(1, site.nodes().size());
        StringBuilder text = new StringBuilder(HEAD.replace("@HINT@", site.proxyHeader() ? TRUST : NO_PROXY)
                .replace("@CHECK@", site.isHealthAtNodes() ? "" : ONLY_TCP.replace("@KEY@", key(site)) + "\n")
                .replace("@MOST@", String.valueOf(2 * connections + BESIDE))
                .replace("@MAX@", String.valueOf(connections)));
        if (site.isHealthAtNodes()) {
            text.append(HEALTH);
        }
        text.append("\n# Silent for as long as its longest transfer takes.\n");
        section(
                text,
                CONTROL,
                site.control().stream().map(String::valueOf).toList(),
                site.sessionLifetime().toSeconds(),
                site);
        if (!site.passive().isEmpty()) {
            text.append("\n# A connection goes to the same port of a node.\n");
            section(text, PASSIVE, site.passiveRanges(), site.dataSilence().toSeconds(), site);
        }
        site.validation().ifPresent(validation -> validation(text, validation, site));
        return text.toString();
    }

    /** An authority dials a port of its own choice, which the listeners of clients may have, too. */
    private static void validation(StringBuilder text, Site.Validation validation, Site site) {
        if (site.control().contains(validation.from())) {
            return;
        }
        text.append("\n# An authority validates the names of the nodes' certificate here (flotilla.tls.acme).\nlisten ")
                .append(VALIDATION)
                .append("\n    bind ")
                .append(bracketed(site.vip()))
                .append(':')
                .append(validation.from())
                .append("\n    timeout client 30s\n    timeout server 30s\n");
        for (Site.Node node : site.nodes()) {
            text.append("    server ")
                    .append(node.name())
                    .append(' ')
                    .append(bracketed(node.address()))
                    .append(':')
                    .append(validation.to())
                    .append(" track " + CONTROL + "/")
                    .append(node.name())
                    .append(validation.proxyHeader() ? " send-proxy-v2\n" : "\n");
        }
    }

    /**
     * Returns a warning about a weakness of the configuration, with the key that mends it; empty when there is none.
     */
    public static Optional<String> shortcoming(Site site) {
        return site.isHealthAtNodes()
                ? Optional.empty()
                : Optional.of(
                        "health is checked by TCP alone, not by /ready: a node that drains is noticed when its listeners close. Set "
                                + key(site));
    }

    private static String key(Site site) {
        return site.admin().isKnown()
                ? "flotilla.admin.bind, now " + site.admin().bind().getHostAddress() + ", and its TLS"
                : "flotilla.admin.port and flotilla.admin.bind";
    }

    private static void section(StringBuilder text, String name, List<String> ports, long silence, Site site) {
        text.append("listen ").append(name).append('\n');
        String host = bracketed(site.vip());
        text.append("    bind ")
                .append(ports.stream().map(port -> host + ":" + port).collect(Collectors.joining(",")))
                .append('\n');
        text.append("    timeout client ").append(silence).append("s\n");
        text.append("    timeout server ").append(silence).append("s\n");
        for (Site.Node node : site.nodes()) {
            text.append("    server ")
                    .append(node.name())
                    .append(' ')
                    .append(bracketed(node.address()))
                    .append(check(name, node, site));
            text.append(site.proxyHeader() ? " send-proxy-v2\n" : "\n");
        }
    }

    private static String bracketed(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    /** Returns the check of a server line. Each node has one check, which counts for all of its ports. */
    private static String check(String section, Site.Node node, Site site) {
        if (section.equals(PASSIVE)) {
            return " track " + CONTROL + "/" + node.name();
        }
        boolean ready = site.isHealthAtNodes();
        int port = ready ? site.admin().port() : site.control().get(0);
        String tls = ready && site.admin().tls() ? " check-ssl verify none" : "";
        return " check port " + port + " inter 1s fall 2 rise 2" + tls;
    }
}
