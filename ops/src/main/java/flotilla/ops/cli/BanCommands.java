package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Subcommands about bans. */
final class BanCommands {
    private static final String FOREVER = "forever";

    private BanCommands() {}

    @Command(
            name = "bans",
            mixinStandardHelpOptions = true,
            description = "Shows the addresses that every node refuses.",
            footer = "  flotilla bans")
    static final class Bans extends AdminCommand {
        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            ObjectNode all = AdminClient.object();
            ArrayNode bans = all.putArray("bans");
            Table table = new Table("ADDRESS", "UNTIL", "REASON");
            String cursor = "";
            do {
                JsonNode page = api.get("bans?limit=1000&cursor=" + AdminClient.encoded(cursor));
                for (JsonNode ban : page.path("bans")) {
                    bans.add(ban);
                    table.row(
                            ban.path("address").asText(),
                            ban.path("until").asText(),
                            ban.path("reason").asText());
                }
                cursor = page.path("next").asText("");
            } while (!cursor.isEmpty());
            return show(all, table);
        }
    }

    @Command(
            name = "ban",
            mixinStandardHelpOptions = true,
            description = {
                "Bans an address (IPv6: its /64) or a network on every node. Its sessions continue; kick ends them.",
                "Bans of networks and permanent ones are in the accounts' database, and outlive a restart of all nodes."
            },
            footer = {
                "  flotilla ban 203.0.113.7 --for 12h --reason \"guesses passwords\"",
                "  flotilla ban 198.51.100.0/24 --permanent"
            })
    static final class Ban extends AdminCommand {
        @Parameters(
                paramLabel = "ADDRESS|NETWORK",
                description = "Address of clients, or a network such as 10.0.0.0/8.")
        private String address = "";

        @Option(
                names = "--for",
                paramLabel = "DURATION",
                description = "Length of the ban, such as 15m, 12h, 30d or forever; default ${DEFAULT-VALUE}.")
        private String duration = "1h";

        @Option(names = "--permanent", description = "The same as --for forever.")
        private boolean permanent;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Shown in the list of bans.")
        private String reason = "";

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            ObjectNode body = AdminClient.object()
                    .put("address", address)
                    .put(
                            "for",
                            permanent || duration.equals(FOREVER)
                                    ? FOREVER
                                    : Durations.parse("--for", duration).toString());
            if (!reason.isEmpty()) {
                body.put("reason", reason);
            }
            JsonNode answer = api.post("bans", body);
            answer.path("warnings").forEach(warning -> err().println("warning: " + warning.asText()));
            String until = answer.path("until").asText();
            return done(
                    answer,
                    answer.path("address").asText() + " is banned "
                            + (until.equals(FOREVER) ? until : "until " + until));
        }
    }

    @Command(
            name = "unban",
            mixinStandardHelpOptions = true,
            description = "Lifts a ban.",
            exitCodeList = "6:There is no such ban.",
            footer = "  flotilla unban 203.0.113.7")
    static final class Unban extends AdminCommand {
        @Parameters(paramLabel = "ADDRESS", description = "An address, or a network as flotilla bans shows it.")
        private String address = "";

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            return done(api.delete("bans/" + AdminClient.encoded(address)), address + " is not banned any more");
        }
    }
}
