package flotilla.ops.cli;

import flotilla.ops.client.AdminClient;
import flotilla.ops.client.AdminClient.Refused;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla user recount}: lets a running server count a home. */
@Command(
        name = "recount",
        mixinStandardHelpOptions = true,
        description = {
            "Counts the files of a user with a quota again, and corrects his usage.",
            "Prints what was booked, what is there, and the difference.",
            "Needs a running server; in a cluster, any node. Uploads continue meanwhile."
        },
        exitCodeList = "1:Nothing was counted or changed.",
        footer = "  flotilla user recount alice")
final class RecountCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "User name.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Override
    public Integer call() throws Exception {
        Path dataDir = options.dataDir();
        AdminClient server = AdminClient.forCommands(dataDir)
                .orElseThrow(() -> new IllegalStateException("no server runs with the data directory " + dataDir
                        + ", and only a server can count: start it, or ask on another node of the cluster"));
        CommandLine line = spec.commandLine();
        try {
            Recount.lines(server, name).forEach(line.getOut()::println);
            return 0;
        } catch (Refused refused) {
            line.getErr().println(refused.getMessage());
            return FlotillaCommand.FAILED;
        }
    }
}
