package flotilla.ops.cli;

import flotilla.ops.config.Configuration;
import flotilla.ops.doctor.Doctor;
import flotilla.ops.doctor.Patient;
import flotilla.ops.report.Report;
import flotilla.ops.report.ReportText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code flotilla doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at this machine and the configuration of its server, and says what will hurt. The server may run.",
            "It prints a line for each finding: ok, warn or FAIL. It changes nothing; a small file of its own is written"
                    + " to each store and removed."
        },
        exitCodeList = {
            "1:A finding is FAIL.",
            "78:The configuration is refused. There is a line with file, line and key for each problem."
        },
        footer = {"  flotilla doctor --config flotilla.conf", "  flotilla doctor --from ftp.example.org"})
final class DoctorCommand implements Callable<Integer> {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--from",
            paramLabel = "HOST",
            description = "Name or address that clients dial. Some of the server's ports are tried there.")
    private @Nullable String from;

    @Option(names = "--json", description = "Prints the findings as JSON, after the last one.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /**
     * Prints what would be found from here.
     *
     * @return the exit code
     */
    static int findings(Configuration configuration, Optional<Path> file, PrintWriter out) {
        Report report = new Report(new ReportText(out));
        Doctor.run(Patient.here(configuration, file, Optional.empty(), CONNECT), report);
        ReportText.summary(report, out);
        return report.hasFailed() ? FlotillaCommand.FAILED : 0;
    }

    @Override
    public Integer call() throws Exception {
        Configuration configuration = options.inForce();
        Report report = new Report(
                json ? finding -> {} : new ReportText(spec.commandLine().getOut()));
        Doctor.run(Patient.here(configuration, options.chosen(), Optional.ofNullable(from), CONNECT), report);
        if (json) {
            spec.commandLine().getOut().println(ReportText.json(report));
        } else {
            ReportText.summary(report, spec.commandLine().getOut());
        }
        return report.hasFailed() ? FlotillaCommand.FAILED : 0;
    }
}
