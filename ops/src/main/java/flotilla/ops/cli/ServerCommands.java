package flotilla.ops.cli;

import flotilla.ops.config.Configuration;
import flotilla.ops.local.UserStores.LocalClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Subcommands that ask the running server of a data directory. */
final class ServerCommands {
    private ServerCommands() {}

    /** What they share. */
    abstract static class Base implements Callable<Integer> {
        @Mixin
        private ConfigOptions options = new ConfigOptions();

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            Configuration configuration = options.load();
            LocalClient server = LocalClient.find(configuration.dataDir())
                    .orElseThrow(() ->
                            new IllegalStateException("no server runs with data directory " + configuration.dataDir()));
            spec.commandLine().getOut().print(ask(server));
            spec.commandLine().getOut().flush();
            return 0;
        }

        abstract String ask(LocalClient server);
    }

    @Command(
            name = "reload",
            mixinStandardHelpOptions = true,
            description = "Makes the running server read its certificates again.")
    static final class Reload extends Base {
        @Override
        String ask(LocalClient server) {
            return server.call("reload", "");
        }
    }

    @Command(name = "status", mixinStandardHelpOptions = true, description = "Shows what the running server is doing.")
    static final class Status extends Base {
        @Override
        String ask(LocalClient server) {
            return server.call("status", "");
        }
    }

    @Command(
            name = "trace",
            mixinStandardHelpOptions = true,
            description =
                    "Makes every node of the cluster log commands and replies of these users, addresses and sessions (never passwords),"
                            + " and of no others that were named this way before; without any, of nobody.")
    static final class Trace extends Base {
        @Parameters(arity = "0..*", paramLabel = "USER|ADDRESS|SESSION", description = "What to trace.")
        private List<String> targets = new ArrayList<>();

        @Option(
                names = "--for",
                paramLabel = "DURATION",
                description = "When it ends, such as 10m, 2h, 1d; default ${DEFAULT-VALUE}.")
        private String duration = "1h";

        @Override
        String ask(LocalClient server) {
            if (targets.stream().anyMatch(target -> target.isBlank() || target.contains("\n"))) {
                throw new IllegalStateException("a user, an address or a session is expected, not an empty text");
            }
            List<String> lines =
                    new ArrayList<>(List.of(Durations.parse("--for", duration).toString()));
            lines.addAll(targets);
            return server.call(TraceOperation.NAME, String.join("\n", lines));
        }
    }
}
