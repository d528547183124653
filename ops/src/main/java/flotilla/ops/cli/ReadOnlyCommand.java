package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code flotilla read-only}: makes all nodes refuse changes of files for a while. */
@Command(
        name = "read-only",
        mixinStandardHelpOptions = true,
        description = "Makes all nodes refuse changes of files for a while, such as during maintenance.",
        subcommands = {ReadOnlyCommand.On.class, ReadOnlyCommand.Off.class, ReadOnlyCommand.Status.class})
final class ReadOnlyCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing: on, off or status");
    }

    private static String text(JsonNode state) {
        if (!state.path("on").asBoolean()) {
            return state.path("configured").asBoolean()
                    ? "This node is read-only by its configuration (storage.read-only)."
                    : "Files can be changed.";
        }
        String reason = state.path("reason").asText();
        return "All nodes are read-only since " + state.path("since").asText()
                + (reason.isEmpty() ? "." : ": " + reason);
    }

    @Command(
            name = "on",
            mixinStandardHelpOptions = true,
            description =
                    "Makes all nodes read-only until off. Commands that would change files get 550. Uploads that run go on.",
            footer = "  flotilla read-only on --reason \"moving to new disks until 18:00\"")
    static final class On extends AdminCommand {
        @Option(names = "--reason", paramLabel = "TEXT", description = "Shown to clients, in one line.")
        private String reason = "";

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            ObjectNode body = AdminClient.object().put("reason", reason);
            JsonNode state = api.ask("PUT", "read-only", body);
            return done(state, text(state));
        }
    }

    @Command(
            name = "off",
            mixinStandardHelpOptions = true,
            description = "Allows changes again.",
            footer = "  flotilla read-only off")
    static final class Off extends AdminCommand {
        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            JsonNode state = api.delete("read-only");
            return done(state, text(state));
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Shows whether files can be changed.",
            footer = "  flotilla read-only status")
    static final class Status extends AdminCommand {
        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            JsonNode state = api.get("read-only");
            return done(state, text(state));
        }
    }
}
