package flotilla.ops.cli;

import flotilla.node.NodeSettings.StorageSettings;
import flotilla.ops.config.Configuration;
import flotilla.ops.doctor.StoreCheck;
import flotilla.ops.report.Report;
import flotilla.ops.report.ReportText;
import flotilla.storage.StoreSettings;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla store}: the stores of the configuration. */
@Command(
        name = "store",
        mixinStandardHelpOptions = true,
        description = "The stores of the configuration: the places of files.",
        synopsisSubcommandLabel = "COMMAND")
final class StoreCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing: check or lifecycle");
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = {
                "Tries a store: writes, reads, lists, resumes, appends to, renames and removes files of its own there.",
                "It says which step fails, why, and what to do. The server may run, and need not."
            },
            exitCodeList = {
                "1:A step fails, or there is no such store.",
                "78:The configuration is refused. There is a line with file, line and key for each problem."
            },
            footer = {"  flotilla store check archive", "  flotilla store check --all --json"})
    int check(
            @Parameters(
                            paramLabel = "NAME",
                            arity = "0..1",
                            description = "Name of the store; " + StoreCheck.DEFAULT + " is the default store.")
                    @Nullable String name,
            @Option(names = "--all", description = "Tries all stores.") boolean all,
            @Option(names = "--json", description = "Prints the findings as JSON, after the last one.") boolean json,
            @Mixin ConfigOptions options)
            throws Exception {
        if ((name == null) != all) {
            throw new CommandLine.ParameterException(
                    spec.subcommands().get("check"), "name one store, or give --all instead");
        }
        Configuration configuration = options.inForce();
        PrintWriter out = spec.commandLine().getOut();
        Report report = new Report(json ? finding -> {} : new ReportText(out));
        StoreCheck.run(configuration, chosen(configuration.node().storage(), name), report);
        if (json) {
            out.println(ReportText.json(report));
        } else {
            ReportText.summary(report, out);
        }
        out.flush();
        return report.hasFailed() ? FlotillaCommand.FAILED : 0;
    }

    @Command(
            name = "lifecycle",
            mixinStandardHelpOptions = true,
            description = {
                "Prints a lifecycle rule for the bucket of a store of the type s3. The service then removes what broken uploads"
                        + " leave, even if no node runs any more."
            },
            exitCodeList = {
                "1:There is no such store, or it has another type.",
                "78:The configuration is refused. There is a line with file, line and key for each problem."
            },
            footer = "  flotilla store lifecycle archive > rules.json")
    int lifecycle(
            @Parameters(
                            paramLabel = "NAME",
                            description = "Name of the store; " + StoreCheck.DEFAULT + " is the default store.")
                    String name,
            @Mixin ConfigOptions options)
            throws Exception {
        StorageSettings storage = options.inForce().node().storage();
        StoreSettings store = chosen(storage, name).get(0);
        if (!store.type().equals("s3")) {
            throw new IllegalStateException("the store " + name + " has the type " + store.type() + ", not s3");
        }
        spec.commandLine().getOut().print(LifecycleRules.of(store, storage.partsAge()));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static List<StoreSettings> chosen(StorageSettings storage, @Nullable String name) {
        if (name == null) {
            return storage.stores();
        }
        String wanted = name.equals(StoreCheck.DEFAULT) ? storage.standard() : name;
        List<StoreSettings> chosen = storage.stores().stream()
                .filter(store -> store.name().equals(wanted))
                .toList();
        if (chosen.isEmpty()) {
            throw new IllegalStateException("there is no store " + name + "; there are " + StoreCheck.DEFAULT
                    + storage.stores().stream()
                            .map(StoreSettings::name)
                            .filter(known -> !known.isEmpty())
                            .map(known -> ", " + known)
                            .reduce("", String::concat));
        }
        return chosen;
    }
}
