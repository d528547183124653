package flotilla.ops.probe;

import flotilla.ops.report.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One port of a server: the way of a client from TCP to the end of the TLS handshake. */
final class Entrance {
    private static final int MOST_ADDRESSES = 8;

    private final ProbeSettings settings;
    private final Dialer dialer;
    private final Report report;
    private final int port;
    private final boolean isImplicit;
    private final boolean isNeeded;

    /** A control connection after its handshake. */
    record Entered(Control control, TlsClient tls, TlsClient.Secured secured) {}

    /**
     * Makes the steps of a port.
     *
     * @param isImplicit whether TLS begins at once
     * @param isNeeded whether a closed port is a failure
     */
    Entrance(ProbeSettings settings, Dialer dialer, Report report, int port, boolean isImplicit, boolean isNeeded) {
        this.settings = settings;
        this.dialer = dialer;
        this.report = report;
        this.port = port;
        this.isImplicit = isImplicit;
        this.isNeeded = isNeeded;
    }

    /**
     * Reports every step.
     *
     * @return the connection with TLS; empty when a step failed
     */
    Optional<Entered> look(List<InetAddress> addresses) {
        Optional<Control> connected = connect(addresses);
        if (connected.isEmpty()) {
            return Optional.empty();
        }
        Control control = connected.get();
        Optional<Entered> entered = isImplicit ? implicit(control) : explicit(control);
        if (entered.isEmpty()) {
            control.close();
        }
        return entered;
    }

    /** Enters again without a report, with a client of its own. */
    Entered enter(InetAddress address, TlsClient tls) throws IOException {
        Control control = new Control(dialer.dial(new InetSocketAddress(address, port)), settings.timeout());
        try {
            if (!isImplicit) {
                approach(control);
            }
            TlsClient.Secured secured = control.secure(tls);
            if (isImplicit) {
                control.reply();
            }
            return new Entered(control, tls, secured);
        } catch (IOException e) {
            control.close();
            throw e;
        }
    }

    /** Opens a TCP connection on which TLS may begin, without a report. */
    Control open(InetAddress address) throws IOException {
        Control control = new Control(dialer.dial(new InetSocketAddress(address, port)), settings.timeout());
        try {
            if (!isImplicit) {
                approach(control);
            }
            return control;
        } catch (IOException e) {
            control.close();
            throw e;
        }
    }

    private static void approach(Control control) throws IOException {
        Reply greeting = control.reply();
        Reply auth = greeting.is(2) ? control.command("AUTH TLS") : greeting;
        if (!auth.is(2)) {
            throw new IOException("the server answers " + auth.shown());
        }
    }

    private Optional<Control> connect(List<InetAddress> addresses) {
        Optional<Control> first = Optional.empty();
        Map<InetAddress, String> troubles = new LinkedHashMap<>();
        for (InetAddress address : addresses.subList(0, Math.min(MOST_ADDRESSES, addresses.size()))) {
            try {
                Socket socket = dialer.dial(new InetSocketAddress(address, port));
                report.ok("connect", address.getHostAddress() + " answers at port " + port + ".");
                if (first.isEmpty()) {
                    first = Optional.of(new Control(socket, settings.timeout()));
                } else {
                    Watch.close(socket);
                }
            } catch (IOException e) {
                troubles.put(address, Why.of(e, settings.timeout()));
            }
        }
        boolean isConnected = first.isPresent();
        troubles.forEach((address, why) -> unreachable(address, why, isConnected));
        return first;
    }

    private void unreachable(InetAddress address, String why, boolean isConnected) {
        String text = address.getHostAddress() + ", port " + port + ": " + why + ".";
        if (isConnected) {
            report.warn(
                    "connect",
                    text,
                    "Clients that take this address wait, or give up. Let the server answer there, or take the address"
                            + " out of DNS.");
        } else if (isNeeded) {
            report.fail("connect", text, "Start the server, or open this port in the firewall.");
        } else {
            report.warn("connect", text, "Only clients that are set to implicit FTPS need this port.");
        }
    }

    private Optional<Entered> implicit(Control control) {
        Optional<Entered> entered = handshake(control);
        return entered.isPresent() && greet(control) ? entered : Optional.empty();
    }

    private Optional<Entered> explicit(Control control) {
        if (!greet(control)) {
            return Optional.empty();
        }
        features(control);
        try {
            Reply auth = control.command("AUTH TLS");
            if (auth.is(2)) {
                report.ok("AUTH TLS", auth.shown());
                return handshake(control);
            }
            report.fail(
                    "AUTH TLS",
                    "The server answers " + auth.shown(),
                    "It speaks FTP without TLS: passwords and files travel in clear. Give it a certificate and turn"
                            + " TLS on.");
        } catch (IOException e) {
            report.fail("AUTH TLS", Why.of(e, settings.timeout()) + ".", "Look at the server's log.");
        }
        return Optional.empty();
    }

    private boolean greet(Control control) {
        try {
            Reply greeting = control.reply();
            if (greeting.is(1)) {
                greeting = control.reply(); // 120: ready in some minutes
            }
            if (greeting.is(2)) {
                report.ok("greeting", greeting.shown());
                return true;
            }
            report.fail(
                    "greeting",
                    "The server refuses: " + greeting.shown(),
                    "It may be full, or have banned this address, or be about to stop.");
        } catch (IOException e) {
            report.fail(
                    "greeting",
                    "No greeting of FTP: " + Why.of(e, settings.timeout()) + ".",
                    isImplicit
                            ? "Look at the server's log."
                            : "If TLS begins at once on this port, give it as --implicit-port. If the server expects a"
                                    + " PROXY header, probe through its balancer.");
        }
        return false;
    }

    private void features(Control control) {
        try {
            Reply features = control.command("FEAT");
            boolean hasAuth = features.lines().stream()
                    .anyMatch(line ->
                            line.strip().toUpperCase(java.util.Locale.ROOT).matches("AUTH\\b.*TLS.*"));
            if (!features.is(2)) {
                report.warn("FEAT", "The server answers " + features.shown(), "Clients have to guess what it can do.");
            } else if (hasAuth) {
                report.ok("FEAT", (features.lines().size() - 2) + " features, with AUTH TLS.");
            } else {
                report.warn("FEAT", "AUTH TLS is not listed.", "Some clients then use no TLS.");
            }
        } catch (IOException e) {
            report.fail("FEAT", Why.of(e, settings.timeout()) + ".", "Look at the server's log.");
        }
    }

    private Optional<Entered> handshake(Control control) {
        TlsClient tls = new TlsClient(settings.host(), List.of());
        try {
            TlsClient.Secured secured = control.secure(tls);
            String group = secured.hello().map(ServerHello::groupName).orElse("");
            report.ok(
                    "handshake",
                    secured.socket().getSession().getProtocol() + ", "
                            + secured.socket().getSession().getCipherSuite() + (group.isEmpty() ? "" : ", " + group)
                            + ".");
            return Optional.of(new Entered(control, tls, secured));
        } catch (IOException e) {
            report.fail(
                    "handshake",
                    "TLS fails: " + Why.of(e, settings.timeout()) + ".",
                    "The server may offer only old versions or suites, or demand a client certificate; its log says"
                            + " which.");
            return Optional.empty();
        }
    }
}
