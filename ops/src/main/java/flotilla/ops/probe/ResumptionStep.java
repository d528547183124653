package flotilla.ops.probe;

import flotilla.ops.report.Report;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Looks whether data connections may resume the TLS session of the control connection, and whether they must. */
final class ResumptionStep {
    private final ProbeSettings settings;
    private final Entrance entrance;
    private final Dialer dialer;
    private final Report report;

    ResumptionStep(ProbeSettings settings, Entrance entrance, Dialer dialer, Report report) {
        this.settings = settings;
        this.entrance = entrance;
        this.dialer = dialer;
        this.report = report;
    }

    /** Reports one version of TLS, with a session of its own. */
    void look(InetAddress address, Passive passive, LoginStep login, String version) {
        String step = "reuse " + version.replace("TLSv", "");
        try {
            Tried tried = attempt(address, passive, login, new TlsClient(settings.host(), List.of(version)), version);
            if (!tried.resuming.isResumed() && version.equals("TLSv1.2")) {
                Tried byIds = attempt(address, passive, login, TlsClient.byIds(settings.host()), version);
                tried = byIds.resuming.isResumed() ? byIds : tried;
            }
            say(step, tried.resuming, tried.without);
        } catch (IOException e) {
            report.warn(step, "Could not be tried: " + Why.of(e, settings.timeout()) + ".", "See the server's log.");
        }
    }

    /** A data connection that offers the session, and why one without it fails. */
    private record Tried(DataConnection.Done resuming, Optional<String> without) {}

    private Tried attempt(InetAddress address, Passive passive, LoginStep login, TlsClient tls, String version)
            throws IOException {
        Entrance.Entered entered = entrance.enter(address, tls);
        try (Control control = entered.control()) {
            login.enter(control);
            DataConnection data = new DataConnection(control, passive, dialer);
            Tried tried = new Tried(data.receive("NLST", tls), without(data, version));
            control.quit();
            return tried;
        }
    }

    /** Returns why a data connection without the session of the control connection fails; empty when it works. */
    private Optional<String> without(DataConnection data, String version) {
        try {
            DataConnection.Done fresh = data.receive("NLST", new TlsClient(settings.host(), List.of(version)));
            return isListed(fresh)
                    ? Optional.empty()
                    : Optional.of(fresh.reply().shown());
        } catch (IOException e) {
            return Optional.of(Why.of(e, settings.timeout()) + "."); // some servers end the session, too
        }
    }

    private void say(String step, DataConnection.Done resuming, Optional<String> without) {
        if (!isListed(resuming)) {
            report.fail(
                    step,
                    "A data connection fails: " + resuming.reply().shown(),
                    "The server may demand a session that it does not resume: see its log.");
        } else if (!resuming.isResumed()) {
            report.warn(
                    step,
                    "The server does not resume TLS sessions for data connections.",
                    "Each file costs a whole handshake, and nothing ties the connection to the login: turn session"
                            + " caching or tickets on.");
        } else if (without.isPresent()) {
            report.ok(step, "Resumed, and required: without it, " + without.get());
        } else {
            report.ok(step, "Resumed, but not required.");
        }
    }

    /** An empty directory is listed by some servers with 450 or 550. */
    private static boolean isListed(DataConnection.Done done) {
        return done.reply().is(2) || done.reply().code() == 450 || done.reply().code() == 550;
    }
}
