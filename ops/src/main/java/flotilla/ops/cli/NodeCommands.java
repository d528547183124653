package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Subcommands about nodes. */
final class NodeCommands {
    private NodeCommands() {}

    @Command(
            name = "nodes",
            mixinStandardHelpOptions = true,
            description = "Shows the nodes of the cluster, their load, and whether they are ready.",
            exitCodeList = "7:Some nodes did not answer.",
            footer = "  flotilla nodes")
    static final class Nodes extends AdminCommand {
        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            JsonNode answer = api.get("nodes");
            Table table = new Table(
                    "NODE",
                    "ADDRESS",
                    "VERSION",
                    "ROLES",
                    "UP",
                    "CONNECTIONS",
                    "SESSIONS",
                    "TRANSFERS",
                    "LEASES",
                    "STATE");
            for (JsonNode node : answer.path("nodes")) {
                table.row(
                        node.path("name").asText(),
                        node.path("address").asText(),
                        node.path("version").asText(),
                        texts(node.path("roles")),
                        Table.seconds(Duration.between(
                                        Instant.parse(node.path("upSince").asText()), Instant.now())
                                .toSeconds()),
                        node.path("connections").asText(),
                        node.path("sessions").asText(),
                        node.path("transfers").asText(),
                        node.path("leases").asText(),
                        node.path("ready").asBoolean() ? "ready" : texts(node.path("unready")));
            }
            return show(answer, table);
        }

        private static String texts(JsonNode array) {
            List<String> texts = new ArrayList<>();
            array.forEach(text -> texts.add(text.asText()));
            return String.join(",", texts);
        }
    }

    @Command(
            name = "drain",
            mixinStandardHelpOptions = true,
            description =
                    "Takes a node out of service. It is no longer ready and gets no new work; running transfers continue. Its process ends with exit code 0 after its last transfer and connection, or when flotilla.drain.transfers has passed.",
            exitCodeList = {"6:There is no such node.", "7:The node did not answer."},
            footer = {"  flotilla drain node-2", "  flotilla drain node-2 --stay"})
    static final class Drain extends AdminCommand {
        @Parameters(paramLabel = "NODE", description = "Name of the node, as in flotilla nodes.")
        private String node = "";

        @Option(
                names = "--stay",
                description = "The node stays a member without work until undrain, or until its process is stopped.")
        private boolean stay;

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            ObjectNode body = AdminClient.object().put("then", stay ? "stay" : "end");
            return done(api.post("nodes/" + AdminClient.encoded(node) + "/drain", body), node + " drains");
        }
    }

    @Command(
            name = "undrain",
            mixinStandardHelpOptions = true,
            description = "Brings a drained node back into service, as long as its process has not ended.",
            exitCodeList = {"6:There is no such node.", "7:The node did not answer."},
            footer = "  flotilla undrain node-2")
    static final class Undrain extends AdminCommand {
        @Parameters(paramLabel = "NODE", description = "Name of the node, as in flotilla nodes.")
        private String node = "";

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            return done(
                    api.post("nodes/" + AdminClient.encoded(node) + "/undrain", AdminClient.object()),
                    node + " takes work again");
        }
    }
}
