package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.client.AdminClient;
import flotilla.ops.client.AdminClient.Refused;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla cert acme} and {@code flotilla cert renew}. */
final class AcmeCommands {
    private AcmeCommands() {}

    /** Shows how things stand with the authority. */
    @Command(
            name = "acme",
            mixinStandardHelpOptions = true,
            description =
                    "Shows the certificate that the running server gets by ACME: authority, names, days left, the last problem.",
            footer = "  flotilla cert acme")
    static final class Status extends ServerCommands.Base {
        @Override
        JsonNode ask(AdminClient server) throws Refused {
            return server.ask("GET", "acme");
        }

        @Override
        String text(JsonNode answer) {
            StringBuilder text = new StringBuilder();
            for (Map.Entry<String, JsonNode> one : answer.properties()) {
                text.append(
                        String.format("%-12s %s%n", one.getKey(), one.getValue().asText()));
            }
            return text.toString();
        }
    }

    /** Orders a certificate now. */
    @Command(
            name = "renew",
            mixinStandardHelpOptions = true,
            description = {
                "Makes the running server order a certificate by ACME now, whether one is due or not.",
                "Authorities limit how often that can be done for a name."
            },
            footer = "  flotilla cert renew")
    static final class Renew extends ServerCommands.Base {
        @Option(
                names = "--forget",
                description =
                        "First removes the account at the authority and the certificate, for all nodes, if the asked node cannot open them. Only for a lost key of the cluster.")
        private boolean forget;

        @Override
        JsonNode ask(AdminClient server) throws Refused {
            return forget
                    ? server.ask("POST", "acme", AdminClient.object().put("forget", true))
                    : server.ask("POST", "acme");
        }

        @Override
        String text(JsonNode answer) {
            return "A certificate is ordered. flotilla cert acme tells what comes of it.\n";
        }
    }
}
