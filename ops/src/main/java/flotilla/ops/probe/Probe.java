package flotilla.ops.probe;

import flotilla.ops.report.Report;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** Meets a server as a client does, step by step, and reports each. It changes nothing but a file of its own. */
public final class Probe {
    private final ProbeSettings settings;
    private final Report report;
    private final Dialer dialer;

    private Probe(ProbeSettings settings, Report report) {
        this.settings = settings;
        this.report = report;
        this.dialer = new Dialer(settings.from(), settings.timeout());
    }

    /** Looks at a server. It takes some multiple of the timeout at most. */
    public static void run(ProbeSettings settings, Report report) {
        settings.login().ifPresent(login -> report.hide(login.password()));
        new Probe(settings, report).run();
    }

    private void run() {
        report.section("Name");
        List<InetAddress> addresses = addresses();
        if (addresses.isEmpty()) {
            return;
        }
        Optional<Door> explicit = settings.port() == 0
                ? Optional.empty()
                : door("Port " + settings.port() + ", TLS after AUTH", addresses, settings.port(), false);
        Optional<Door> implicit = settings.implicitPort() == 0
                ? Optional.empty()
                : door("Port " + settings.implicitPort() + ", TLS at once", addresses, settings.implicitPort(), true);
        Optional<Door> used = explicit.or(() -> implicit);
        settings.login().ifPresent(login -> {
            report.section("Session");
            used.ifPresentOrElse(door -> session(door, login), this::notTried);
        });
        explicit.ifPresent(door -> door.entered().control().close());
        implicit.ifPresent(door -> door.entered().control().close());
    }

    /** A port behind which TLS works. */
    private record Door(Entrance entrance, Entrance.Entered entered, List<String> versions) {}

    private void notTried() {
        report.warn("login", "Not tried: there is no connection with TLS.", "The password would travel in clear.");
    }

    private List<InetAddress> addresses() {
        try {
            List<InetAddress> found = dialer.resolve(settings.host());
            report.ok(
                    "address",
                    String.join(
                            ", ",
                            found.stream().map(InetAddress::getHostAddress).toList()));
            return found;
        } catch (UnknownHostException e) {
            report.fail("address", settings.host() + ": " + e.getMessage() + ".", "Mend the name, or its DNS entry.");
            return List.of();
        }
    }

    private Optional<Door> door(String section, List<InetAddress> addresses, int port, boolean isImplicit) {
        report.section(section);
        boolean isNeeded = !isImplicit || settings.mustBeImplicit();
        Entrance entrance = new Entrance(settings, dialer, report, port, isImplicit, isNeeded);
        return entrance.look(addresses).map(entered -> {
            CertificateStep.look(entered.secured().certificates(), settings, report);
            return new Door(
                    entrance,
                    entered,
                    new VersionStep(settings, entrance, report)
                            .look(entered.control().peer()));
        });
    }

    private void session(Door door, ProbeSettings.Login account) {
        Control control = door.entered().control();
        LoginStep login = new LoginStep(account, settings.timeout());
        if (!login.look(control, report)) {
            return;
        }
        Optional<Passive> passive = new PassiveStep(dialer, report).look(control);
        if (passive.isEmpty()) {
            report.warn("transfers", "Not tried: no data connection can be opened.", "");
            return;
        }
        new TransferStep(control, passive.get(), door.entered().tls(), dialer, report).look();
        control.quit();
        ResumptionStep resumption = new ResumptionStep(settings, door.entrance(), dialer, report);
        door.versions().stream()
                .filter(version -> version.matches("TLSv1\\.[23]"))
                .forEach(version -> resumption.look(control.peer(), passive.get(), login, version));
    }
}
