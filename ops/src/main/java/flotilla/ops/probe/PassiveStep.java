package flotilla.ops.probe;

import flotilla.ops.report.Report;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Looks at the passive ports: what the server tells, and whether it can be reached. */
final class PassiveStep {
    private static final String FIREWALL =
            "Open the server's passive ports in every firewall and NAT between, and for each balancer.";

    private final Dialer dialer;
    private final Report report;

    PassiveStep(Dialer dialer, Report report) {
        this.dialer = dialer;
        this.report = report;
    }

    /**
     * Reports both ways.
     *
     * @return the way by which data connections can be opened, at the address that was dialled; empty for none
     */
    Optional<Passive> look(Control control) {
        boolean isExtended = extended(control);
        boolean isPlain = plain(control);
        return isExtended ? Optional.of(Passive.EPSV) : isPlain ? Optional.of(Passive.PASV) : Optional.empty();
    }

    private boolean extended(Control control) {
        try {
            InetSocketAddress told = Passive.EPSV.ask(control);
            Optional<String> trouble = trouble(told);
            if (trouble.isEmpty()) {
                report.ok("EPSV", "Port " + told.getPort() + " answers.");
                return true;
            }
            report.fail("EPSV", "Port " + told.getPort() + ": " + trouble.get() + ".", FIREWALL);
        } catch (IOException e) {
            String remedy = "Many clients fall back to PASV; those with IPv6 cannot.";
            if (control.peer() instanceof Inet6Address) {
                report.fail("EPSV", Why.of(e, dialer.timeout()) + ".", "Turn EPSV on: IPv6 has no other way.");
            } else {
                report.warn("EPSV", Why.of(e, dialer.timeout()) + ".", remedy);
            }
        }
        return false;
    }

    private boolean plain(Control control) {
        try {
            InetSocketAddress told = Passive.PASV.ask(control);
            boolean isAsDialled = told.getAddress().equals(control.peer());
            Optional<String> trouble = trouble(told);
            String text = "Port " + told.getPort() + " of " + told.getAddress().getHostAddress();
            if (!isAsDialled) {
                other(told, control.peer(), trouble);
                return trouble(new InetSocketAddress(control.peer(), told.getPort()))
                        .isEmpty();
            }
            if (trouble.isEmpty()) {
                report.ok("PASV", text + " answers.");
                return true;
            }
            report.fail("PASV", text + ": " + trouble.get() + ".", FIREWALL);
        } catch (IOException e) {
            if (control.peer() instanceof Inet6Address) {
                report.ok("PASV", "Not for IPv6: " + Why.of(e, dialer.timeout()) + ".");
            } else {
                report.warn("PASV", Why.of(e, dialer.timeout()) + ".", "Old clients know no other way.");
            }
        }
        return false;
    }

    /** Reports an address that is not the one that was dialled. */
    private void other(InetSocketAddress told, InetAddress dialled, Optional<String> trouble) {
        String text = "The server tells " + told.getAddress().getHostAddress() + ", you dialled "
                + dialled.getHostAddress() + ". ";
        String remedy = "Set the server's public address (passive.address; pasv_address of vsftpd).";
        if (isInner(told.getAddress()) && !isInner(dialled)) {
            report.fail("PASV", text + "Clients outside cannot reach a private address.", remedy);
        } else if (trouble.isPresent()) {
            report.fail("PASV", text + "Port " + told.getPort() + " there: " + trouble.get() + ".", remedy);
        } else {
            report.warn("PASV", text + "Careful clients do not go to another address.", remedy);
        }
    }

    /** Returns whether an address means nothing outside of its network (RFC 1918, RFC 3927, RFC 1122). */
    private static boolean isInner(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean isShared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64; // RFC 6598
        return address.isSiteLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isAnyLocalAddress()
                || isShared;
    }

    private Optional<String> trouble(InetSocketAddress to) {
        try {
            Watch.close(dialer.dial(to));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(Why.of(e, dialer.timeout()));
        }
    }
}
