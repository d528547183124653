package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla alert}: shows the alerts of the cluster, and tries out who is told. */
@Command(
        name = "alert",
        mixinStandardHelpOptions = true,
        description = "Shows the alerts of the cluster, and tries out who is told.",
        subcommands = {AlertCommand.All.class, AlertCommand.Test.class})
final class AlertCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing: list or test");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Shows the alerts that fire now, in the whole cluster.",
            footer = "  flotilla alert list")
    static final class All extends AdminCommand {
        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            JsonNode answer = api.get("alerts");
            Table table = new Table("SINCE", "ALERT", "TEXT");
            for (JsonNode alert : answer.path("alerts")) {
                table.row(
                        alert.path("since").asText(),
                        alert.path("rule").asText(),
                        alert.path("text").asText());
            }
            return show(answer, table);
        }
    }

    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = "Sends a test alert to one target of this node, once, and tells its answer.",
            footer = "  flotilla alert test mail")
    static final class Test extends AdminCommand {
        @Parameters(paramLabel = "TARGET", description = "log, webhook, mail or command.")
        private String target = "";

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            JsonNode answer = api.ask("POST", "alerts/" + AdminClient.encoded(target) + "/test", AdminClient.object());
            if (!answer.path("told").asBoolean()) {
                throw new IOException(
                        target + " was not told: " + answer.path("reason").asText());
            }
            return done(answer, target + " was told.");
        }
    }
}
