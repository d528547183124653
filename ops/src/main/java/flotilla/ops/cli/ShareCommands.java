package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Subcommands about what the nodes share: slots and leases. */
final class ShareCommands {
    private ShareCommands() {}

    @Command(
            name = "limits",
            mixinStandardHelpOptions = true,
            description = "Shows how many sessions users and addresses of the whole cluster hold, and their limits."
                    + " Those with the most come first.",
            exitCodeList = "7:Some nodes did not answer.",
            footer = "  flotilla limits")
    static final class LimitsCommand extends AdminCommand {
        @Option(
                names = "--limit",
                paramLabel = "COUNT",
                description = "Most rows, up to 100; default ${DEFAULT-VALUE}.")
        private int limit = 50;

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            JsonNode answer = api.get("limits?limit=" + limit);
            Table table = new Table("KIND", "NAME", "SESSIONS", "SLOTS", "MOST");
            JsonNode total = answer.path("total");
            table.row(
                    "all",
                    "",
                    total.path("sessions").asText(),
                    total.path("held").asText(),
                    most(total.path("max").asInt()));
            rows(table, "user", answer.path("users"));
            rows(table, "address", answer.path("addresses"));
            return show(answer, table);
        }

        private static void rows(Table table, String kind, JsonNode rows) {
            for (JsonNode row : rows) {
                table.row(
                        kind,
                        row.path("name").asText(),
                        row.path("sessions").asText(),
                        row.path("held").asText(),
                        most(row.path("max").asInt()));
            }
        }

        private static String most(int max) {
            return max == 0 ? "no limit" : String.valueOf(max);
        }
    }

    @Command(
            name = "leases",
            mixinStandardHelpOptions = true,
            description = "Shows which passive ports wait for data connections of which clients, on all nodes.",
            exitCodeList = "7:Some nodes did not answer.",
            footer = "  flotilla leases")
    static final class Leases extends AdminCommand {
        @Option(
                names = "--limit",
                paramLabel = "COUNT",
                description = "Most rows of each node; default ${DEFAULT-VALUE}.")
        private int limit = 100;

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            JsonNode answer = api.get("leases?limit=" + limit);
            Table table = new Table("PORT", "ADDRESS", "SESSION");
            for (JsonNode lease : answer.path("leases")) {
                table.row(
                        lease.path("port").asText(),
                        lease.path("address").asText(),
                        lease.path("session").asText());
            }
            return show(answer, table);
        }
    }
}
