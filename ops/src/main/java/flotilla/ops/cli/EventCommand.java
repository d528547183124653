package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Subcommands about events for programs outside. */
@Command(
        name = "event",
        mixinStandardHelpOptions = true,
        description = "Shows the events that wait for their targets, and sends dead ones again.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            EventCommand.Waiting.class,
            EventCommand.Dead.class,
            EventCommand.Resend.class,
            EventCommand.Forget.class,
            EventCommand.Test.class
        })
final class EventCommand implements Runnable {
    private static final int MOST_SHOWN = 1_000;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "a command is missing: list, dead, resend, forget or test");
    }

    /** Shows the first events of a state. */
    private abstract static class Listing extends AdminCommand {
        @Option(
                names = "--limit",
                paramLabel = "NUMBER",
                description = "Most events to show, up to 1000; default ${DEFAULT-VALUE}.")
        private int limit = 100;

        abstract String state();

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            int most = Math.max(1, Math.min(limit, MOST_SHOWN));
            JsonNode page = api.get("events?state=" + state() + "&limit=" + most);
            ObjectNode all = AdminClient.object();
            ArrayNode events = all.putArray("events");
            Table table = new Table("ID", "TYPE", "TARGET", "ATTEMPTS", "PROBLEM");
            for (JsonNode event : page.path("events")) {
                events.add(event);
                table.row(
                        event.path("id").asText(),
                        event.path("type").asText(),
                        event.path("target").asText(),
                        event.path("attempts").asText(),
                        event.path("problem").asText());
            }
            all.set("waiting", page.path("waiting"));
            all.set("dead", page.path("dead"));
            return show(all, table);
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Shows the events that wait for their targets, the oldest first.",
            footer = "  flotilla event list")
    static final class Waiting extends Listing {
        @Override
        String state() {
            return "waiting";
        }
    }

    @Command(
            name = "dead",
            mixinStandardHelpOptions = true,
            description = "Shows the events that no attempt could deliver, the oldest first.",
            footer = "  flotilla event dead")
    static final class Dead extends Listing {
        @Override
        String state() {
            return "dead";
        }
    }

    @Command(
            name = "resend",
            mixinStandardHelpOptions = true,
            description = "Lets dead events be sent again, with all their attempts.",
            exitCodeList = "6:There is no such dead event.",
            footer = {"  flotilla event resend 5f0e1a52-9d0c-4f39-8a3e-0b1e3c8c2f11", "  flotilla event resend --all"})
    static final class Resend extends AdminCommand {
        @Parameters(paramLabel = "ID", arity = "0..1", description = "Id of an event.")
        private String id = "";

        @Option(names = "--all", description = "All dead events.")
        private boolean all;

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            if (all == !id.isEmpty()) {
                throw new CommandLine.ParameterException(spec().commandLine(), "name one event, or --all");
            }
            ObjectNode body = AdminClient.object();
            if (!all) {
                body.put("id", id);
            }
            JsonNode answer = api.post("events/resend", body);
            return done(answer, answer.path("events").asText() + " sent again");
        }
    }

    @Command(
            name = "forget",
            mixinStandardHelpOptions = true,
            description = "Removes a dead event: its target never gets it.",
            exitCodeList = "6:There is no such dead event.",
            footer = "  flotilla event forget 5f0e1a52-9d0c-4f39-8a3e-0b1e3c8c2f11")
    static final class Forget extends AdminCommand {
        @Parameters(paramLabel = "ID", description = "Id of an event.")
        private String id = "";

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            return done(api.delete("events/" + AdminClient.encoded(id)), id + " is forgotten");
        }
    }

    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = "Sends a test event to a target at once, from the node that answers, and shows what it says.",
            exitCodeList = {"1:The target did not take it.", "6:There is no such target."},
            footer = "  flotilla event test archive")
    static final class Test extends AdminCommand {
        @Parameters(paramLabel = "TARGET", description = "Name of a target in flotilla.events.targets.")
        private String target = "";

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            JsonNode answer = api.post("event-targets/" + AdminClient.encoded(target) + "/test", AdminClient.object());
            int shown = done(answer, answer.path("answer").asText());
            return answer.path("accepted").asBoolean() ? shown : 1;
        }
    }
}
