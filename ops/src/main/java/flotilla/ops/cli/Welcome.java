package flotilla.ops.cli;

import flotilla.node.control.ControlSettings;
import flotilla.node.protocol.Proxy;
import flotilla.node.session.AnnouncedAddress.Configured;
import flotilla.ops.config.Configuration;
import flotilla.ops.server.FirstUser;
import flotilla.ops.server.PublicCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text at the start of a server: its addresses, and commands to paste.
 *
 * @param admin URL of the admin API; empty when it is off
 * @param first the first user, whose password is shown this once
 */
record Welcome(Configuration configuration, Optional<String> admin, FirstUser first) {
    /**
     * Returns the lines for people.
     *
     * @param tls name of the TLS implementation
     * @param addresses addresses of the control listeners
     */
    List<String> lines(String tls, List<InetSocketAddress> addresses) {
        ControlSettings control = configuration.node().control();
        List<String> lines = new ArrayList<>();
        lines.add("Flotilla " + configuration.cluster().self().name() + " (" + tls + "), data in "
                + configuration.dataDir());
        addresses.forEach(address -> lines.add("  listens on "
                + (address.getAddress().isAnyLocalAddress()
                        ? "all addresses"
                        : address.getAddress().getHostAddress())
                + ", port "
                + address.getPort()
                + (address.getPort() == control.listeners().implicitPort() ? " (implicit TLS)" : " (explicit TLS)")));
        admin.ifPresent(url -> lines.add("  admin API, /ready and /metrics at " + url));
        first.password()
                .ifPresent(made ->
                        lines.add("  first user: " + FirstUser.NAME + ", password: " + made + "  (shown only now)"));
        if (first.missing()) {
            lines.add("  no account yet, so that nobody can log in: flotilla user add NAME (with this configuration)");
        }
        if (control.listeners().proxy().mode() == Proxy.Mode.REQUIRE) {
            lines.add("  clients come through the balancer (flotilla.proxy-protocol = require)");
        } else {
            toPaste(lines, control.listeners());
        }
        if (control.listeners().bind().equals(List.of(InetAddress.getLoopbackAddress()))) {
            List<Integer> passive = configuration.node().data().ports();
            lines.add(
                    "  To open it to the network: --set flotilla.listeners.bind=0.0.0.0, and forward the control ports"
                            + (passive.isEmpty()
                                    ? ""
                                    : " and " + passive.get(0) + "-" + passive.get(passive.size() - 1)));
        }
        return lines;
    }

    private void toPaste(List<String> lines, ControlSettings.Listeners listeners) {
        if (listeners.explicitPort() > 0) {
            lines.add("  curl --ssl-reqd" + trusted(" --cacert ", "") + " --user '" + user(":") + "' -T FILE ftp://"
                    + host() + ":" + listeners.explicitPort() + "/");
        }
        if (listeners.implicitPort() > 0) {
            lines.add("  curl" + trusted(" --cacert ", "") + " --user '" + user(":") + "' ftps://" + host() + ":"
                    + listeners.implicitPort() + "/");
        }
        if (listeners.explicitPort() > 0) {
            lines.add("  lftp -e '" + trusted("set ssl:ca-file ", "; ") + "set ftp:ssl-force true' -u '" + user(",")
                    + "' ftp://" + host() + ":" + listeners.explicitPort());
        }
    }

    /** Returns the host that clients dial: the address in replies to PASV, where one is configured. */
    private String host() {
        Optional<Configured> told = configuration.node().session().passiveAddress();
        if (told.isPresent()) {
            return told.get().name();
        }
        InetAddress first = configuration.node().control().listeners().bind().get(0);
        String address = first.isAnyLocalAddress() ? "127.0.0.1" : first.getHostAddress();
        return address.contains(":") ? "[" + address + "]" : address;
    }

    private String user(String separator) {
        return first.password().map(made -> FirstUser.NAME + separator + made).orElse("USER" + separator + "PASSWORD");
    }

    /** Returns the option that makes a client trust the generated certificate; empty for a configured one. */
    private String trusted(String before, String after) {
        return configuration
                .made()
                .certificate()
                .map(path -> before + PublicCertificate.beside(path) + after)
                .orElse("");
    }

    @Override
    public String toString() {
        return "Welcome[***]";
    }
}
