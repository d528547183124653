package flotilla.ops.probe;

import flotilla.ops.report.Report;
import java.io.IOException;
import java.time.Duration;

/** Logs in and asks for protected data connections (RFC 959, RFC 4217). */
final class LoginStep {
    private final ProbeSettings.Login login;
    private final Duration timeout;

    LoginStep(ProbeSettings.Login login, Duration timeout) {
        this.login = login;
        this.timeout = timeout;
    }

    /** Logs in, and reports it. Returns false when that failed. */
    boolean look(Control control, Report report) {
        try {
            Reply reply = login(control);
            if (!reply.is(2)) {
                report.fail("login", "The server answers " + reply.shown(), "See the server's log for the reason.");
                return false;
            }
            report.ok("login", reply.shown());
            return protect(control, report);
        } catch (IOException e) {
            report.fail("login", Why.of(e, timeout) + ".", "Look at the server's log.");
            return false;
        }
    }

    private Reply login(Control control) throws IOException {
        Reply user = control.command("USER " + login.user());
        return user.is(3) ? control.command("PASS " + login.password()) : user;
    }

    private static boolean protect(Control control, Report report) throws IOException {
        Reply size = control.command("PBSZ 0");
        Reply level = control.command("PROT P");
        if (size.is(2) && level.is(2)) {
            report.ok("PBSZ, PROT", level.shown());
            return true;
        }
        report.fail(
                "PBSZ, PROT",
                "The server answers " + (size.is(2) ? level : size).shown(),
                "Files would travel in clear: turn on TLS for data connections.");
        return false;
    }

    /** Logs in without a report. */
    void enter(Control control) throws IOException {
        for (Reply reply : new Reply[] {login(control), control.command("PBSZ 0"), control.command("PROT P")}) {
            if (!reply.is(2)) {
                throw new IOException("the server answers " + reply.shown());
            }
        }
    }
}
