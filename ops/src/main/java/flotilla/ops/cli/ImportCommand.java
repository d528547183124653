package flotilla.ops.cli;

import flotilla.ops.local.PrivateFile;
import flotilla.ops.log.LogText;
import flotilla.ops.migrate.Vsftpd;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla import}: takes over the set-up of another server. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Takes over the set-up of another server.",
        synopsisSubcommandLabel = "COMMAND")
final class ImportCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing: vsftpd");
    }

    @Command(
            name = "vsftpd",
            mixinStandardHelpOptions = true,
            description = {
                "Translates a vsftpd.conf into a configuration with a comment for each key.",
                "Each setting without a counterpart is told with its line, and what to do instead. Accounts are not imported."
            },
            footer = {
                "  flotilla import vsftpd /etc/vsftpd.conf",
                "  flotilla import vsftpd /etc/vsftpd.conf --out flotilla.conf"
            })
    int vsftpd(
            @Parameters(paramLabel = "FILE", description = "The vsftpd.conf.") Path file,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Configuration to write; it must not exist. Default: standard output.")
                    @Nullable Path out,
            @Option(names = "--dry-run", description = "Only tells what has no counterpart.") boolean isDryRun)
            throws IOException {
        if (out != null && Files.exists(out)) {
            throw new IllegalStateException(out + " is there already");
        }
        Vsftpd.Translation translation = Vsftpd.translate(file);
        translation.notes().forEach(note -> spec.commandLine()
                .getErr()
                .println(file + ":" + note.line() + ": " + LogText.shown(note.setting()) + ": " + note.advice()));
        PrintWriter printed = spec.commandLine().getOut();
        if (isDryRun) {
            return 0;
        }
        if (out == null) {
            printed.print(translation.text());
        } else {
            PrivateFile.write(out, translation.text());
            printed.println("Written to " + out + ". Check it: flotilla check " + out);
        }
        printed.flush();
        return 0;
    }
}
