package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.client.AdminClient;
import flotilla.ops.client.AdminClient.Refused;
import flotilla.ops.config.ConfigException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Subcommands for the running server of a data directory. */
final class ServerCommands {
    private ServerCommands() {}

    /** The common part of these subcommands. */
    abstract static class Base implements Callable<Integer> {
        @Mixin
        private ConfigOptions options = new ConfigOptions();

        @Option(names = "--json", description = "Prints the answer of the API as JSON.")
        private boolean json;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            Path dataDir = options.dataDir();
            AdminClient server = AdminClient.forCommands(dataDir)
                    .orElseThrow(() -> new IllegalStateException("no server runs with data directory " + dataDir));
            JsonNode answer = ask(server);
            String text = text(answer);
            spec.commandLine().getOut().print(json ? answer.toPrettyString() + "\n" : text);
            spec.commandLine().getOut().flush();
            return isGood(answer) ? 0 : FlotillaCommand.FAILED;
        }

        Path dataDir() throws ConfigException {
            return options.dataDir();
        }

        PrintWriter out() {
            return spec.commandLine().getOut();
        }

        abstract JsonNode ask(AdminClient server) throws Refused;

        /** The answer for people; lines with their ends. */
        abstract String text(JsonNode answer);

        /** Whether the exit code is 0. */
        boolean isGood(JsonNode answer) {
            return true;
        }
    }

    @Command(
            name = "reload",
            mixinStandardHelpOptions = true,
            description =
                    "Makes the running server read its configuration, certificates and lists again, and open its logs again."
                            + " Keys that cannot change while it runs keep their values, and are named.",
            exitCodeList = "1:Something cannot be used. What was in use stays in use.",
            footer = "  flotilla reload --config flotilla.conf")
    static final class Reload extends Base {
        @Override
        JsonNode ask(AdminClient server) throws Refused {
            return server.ask("POST", "reload");
        }

        @Override
        String text(JsonNode report) {
            return line("in force from now on", report.path("changed"))
                    + line("a restart is needed for", report.path("pending"));
        }

        private static String line(String what, JsonNode keys) {
            List<String> names = new ArrayList<>();
            keys.forEach(key -> names.add(key.asText()));
            return names.isEmpty() ? "" : what + ": " + String.join(", ", names) + "\n";
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description =
                    "Shows numbers of the running server: connections, transfers, digests, leases, locks and sessions now, then counts since its start.",
            footer = "  flotilla status --config flotilla.conf")
    static final class Status extends Base {
        @Override
        JsonNode ask(AdminClient server) throws Refused {
            return server.ask("GET", "status");
        }

        @Override
        String text(JsonNode answer) {
            StringBuilder text = new StringBuilder();
            answer.properties().forEach(count -> text.append(count.getKey())
                    .append(' ')
                    .append(count.getValue().asText())
                    .append('\n'));
            return text.toString();
        }
    }

    @Command(
            name = "ready",
            mixinStandardHelpOptions = true,
            description = "Tells whether the running server is ready for clients, and why not, as /ready does.",
            exitCodeList = {"0:It is ready.", "1:It is not, or no server runs."},
            footer = "  flotilla ready")
    static final class Ready extends Base {
        @Override
        JsonNode ask(AdminClient server) throws Refused {
            return server.ask("GET", "ready");
        }

        @Override
        boolean isGood(JsonNode answer) {
            return answer.path("ready").asBoolean();
        }

        @Override
        String text(JsonNode answer) {
            if (isGood(answer)) {
                return "ready\n";
            }
            List<String> reasons = new ArrayList<>();
            answer.path("reasons").forEach(reason -> reasons.add(reason.asText()));
            return "not ready: " + String.join("; ", reasons) + "\n";
        }
    }

    @Command(
            name = "trace",
            mixinStandardHelpOptions = true,
            description =
                    "Logs commands and replies of these users, addresses and sessions on every node of the cluster, without passwords."
                            + " New targets replace earlier ones. Without a target, the trace ends.",
            footer = {
                "  flotilla trace alice 203.0.113.7 --for 10m",
                "  flotilla trace alice --for 10m --follow",
                "  flotilla trace"
            })
    static final class Trace extends Base {
        @Parameters(
                arity = "0..*",
                paramLabel = "USER|ADDRESS|SESSION",
                description = "User, address or session to trace.")
        private List<String> targets = new ArrayList<>();

        @Option(
                names = "--for",
                paramLabel = "DURATION",
                description = "Length of the trace, such as 10m, 2h, 1d; default ${DEFAULT-VALUE}.")
        private String duration = "1h";

        @Option(
                names = "--follow",
                description = "Prints the lines of all nodes as they come, until the trace ends. Needs the admin API.")
        private boolean follow;

        @Override
        public Integer call() throws Exception {
            if (!follow) {
                return super.call();
            }
            AdminClient api = AdminClient.forApi(dataDir())
                    .orElseThrow(() -> new IllegalStateException("--follow needs flotilla.admin.enabled"));
            if (targets.isEmpty()) {
                throw new IllegalStateException("--follow needs a user, an address or a session");
            }
            String begin = TraceFollower.now(api);
            int exit = super.call();
            new TraceFollower(api, targets, out())
                    .follow(begin, Instant.now().plus(Durations.parse("--for", duration)));
            return exit;
        }

        @Override
        JsonNode ask(AdminClient server) throws Refused {
            if (targets.stream().anyMatch(target -> target.isBlank() || target.contains("\n"))) {
                throw new IllegalStateException("a user, an address or a session is expected, not an empty text");
            }
            ObjectNode body = AdminClient.object()
                    .put("for", Durations.parse("--for", duration).toString());
            ArrayNode named = body.putArray("targets");
            targets.forEach(named::add);
            return server.ask("POST", "trace", body);
        }

        @Override
        String text(JsonNode answer) {
            List<String> traced = new ArrayList<>();
            answer.path("targets").forEach(target -> traced.add(target.asText()));
            return traced.isEmpty()
                    ? "nobody is traced\n"
                    : String.join(" ", traced) + ": traced on every node until "
                            + answer.path("until").asText() + "\n";
        }
    }
}
