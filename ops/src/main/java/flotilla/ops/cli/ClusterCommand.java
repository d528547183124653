package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla cluster}: the nodes that belong to the cluster. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description =
                "Shows the nodes that belong to the cluster, and which of them are away since when. A node belongs to it from its first start"
                        + " until it is forgotten. stopped: it left in order. missing: it was lost.",
        exitCodeList = {"1:A node is missing.", "6:There is no such node.", "7:Some nodes did not answer."},
        footer = {"  flotilla cluster", "  flotilla cluster --forget node-4"})
final class ClusterCommand extends AdminCommand {
    @Option(names = "--forget", paramLabel = "NODE", description = "Takes a node that is gone for good off the list.")
    private String forgotten = "";

    @Override
    int run(AdminClient api) throws AdminClient.Refused, IOException {
        if (!forgotten.isEmpty()) {
            return done(api.delete("cluster/" + AdminClient.encoded(forgotten)), forgotten + " is forgotten");
        }
        JsonNode answer = api.get("cluster");
        Table table = new Table("NODE", "ADDRESS", "STATE", "SINCE", "FOR");
        for (JsonNode node : answer.path("nodes")) {
            Instant since = Instant.parse(node.path("since").asText());
            table.row(
                    node.path("name").asText(),
                    node.path("address").asText(),
                    node.path("state").asText(),
                    since.toString(),
                    Table.seconds(Duration.between(since, Instant.now()).toSeconds()));
        }
        int shown = show(answer, table);
        return shown == 0 && answer.path("missing").asInt() > 0 ? FlotillaCommand.FAILED : shown;
    }
}
