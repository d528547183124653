package flotilla.ops.cli;

import flotilla.cluster.protection.PemFiles;
import flotilla.ops.probe.Probe;
import flotilla.ops.probe.ProbeSettings;
import flotilla.ops.probe.ProbeSettings.Login;
import flotilla.ops.report.Report;
import flotilla.ops.report.ReportText;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla probe}. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description = {
            "Meets an FTPS server as a client does, and says what is wrong. The server may be any, also another product.",
            "It prints a line for each step: ok, warn or FAIL. With --user it logs in, transfers a small file of its"
                    + " own, and deletes it."
        },
        exitCodeList = "1:A step failed.",
        footer = {
            "  flotilla probe ftp.example.org",
            "  flotilla probe ftp.example.org --user alice --password-stdin < password",
            "  flotilla probe 192.0.2.7 --port 2121 --implicit-port 0 --ca company.pem"
        })
final class ProbeCommand implements Callable<Integer> {
    private static final int IMPLICIT = 990;
    private static final Duration LONGEST = Duration.ofHours(1);

    @Parameters(paramLabel = "HOST", description = "Name or address of the server, as clients use it.")
    @SuppressWarnings("NullAway.Init")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "21",
            description = "Port where TLS begins after AUTH. Default: 21. 0 leaves it out.")
    private int port;

    @Option(
            names = "--implicit-port",
            paramLabel = "PORT",
            description = "Port where TLS begins at once. Default: 990, which may be closed. 0 leaves it out.")
    private @Nullable Integer implicitPort;

    @Option(names = "--user", paramLabel = "NAME", description = "Logs in with this account.")
    private @Nullable String user;

    @Option(names = "--password-stdin", description = "Reads the password of the account from standard input.")
    private boolean passwordFromStdin;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM file of the authorities that clients trust. Default: the public ones.")
    private @Nullable Path authorities;

    @Option(names = "--from", paramLabel = "ADDRESS", description = "Address of this machine to connect from.")
    private @Nullable InetAddress from;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "Longest wait for each connection, reply, handshake and transfer. Default: 10s.")
    private String timeout = "";

    @Option(names = "--json", description = "Prints the findings as JSON, after the last one.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        ReportText lines = new ReportText(spec.commandLine().getOut());
        Report report = new Report(json ? finding -> {} : lines);
        Probe.run(settings(), report);
        if (json) {
            spec.commandLine().getOut().println(ReportText.json(report));
        } else {
            ReportText.summary(report, spec.commandLine().getOut());
        }
        return report.hasFailed() ? FlotillaCommand.FAILED : 0;
    }

    private ProbeSettings settings() throws Exception {
        return new ProbeSettings(
                host,
                port("--port", port),
                port("--implicit-port", implicitPort == null ? IMPLICIT : implicitPort),
                implicitPort != null || port == 0,
                Optional.ofNullable(from),
                timeout(),
                authorities == null ? List.of() : PemFiles.certificates(authorities),
                login());
    }

    private int port(String option, int number) {
        if (number < 0 || number > 65535) {
            throw wrong(option + " must be between 0 and 65535");
        }
        return number;
    }

    private Duration timeout() {
        Duration time = Durations.parse("--timeout", timeout);
        if (time.isZero() || time.compareTo(LONGEST) > 0) {
            throw wrong("--timeout must be between 1s and 1h");
        }
        return time;
    }

    private Optional<Login> login() throws IOException {
        if (user == null) {
            return Optional.empty();
        }
        if (!passwordFromStdin) {
            throw wrong("--user needs --password-stdin");
        }
        return Optional.of(new Login(user, Passwords.fromStandardInput()));
    }

    private CommandLine.ParameterException wrong(String why) {
        return new CommandLine.ParameterException(spec.commandLine(), why);
    }
}
