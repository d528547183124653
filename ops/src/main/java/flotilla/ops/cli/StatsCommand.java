package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla stats}: shows what all nodes have counted lately. */
@Command(
        name = "stats",
        mixinStandardHelpOptions = true,
        description = {
            "Shows logins, failures, files and bytes of the last time, over all nodes, the busiest first.",
            "Each node counts 50 users and 50 addresses a minute by name, and the rest as (others)."
        },
        exitCodeList = "7:Some nodes did not answer. Their full minutes are there.",
        footer = {"  flotilla stats --since 1h", "  flotilla stats --since 24h --by cause"})
final class StatsCommand extends AdminCommand {
    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Up to 24h, such as 15m; default ${DEFAULT-VALUE}. Whole minutes count.")
    private String since = "1h";

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            description = "cause, user, address or node; default ${DEFAULT-VALUE}.")
    private String by = "node";

    @Option(names = "--limit", paramLabel = "COUNT", description = "Most rows shown, default ${DEFAULT-VALUE}.")
    private int limit = 50;

    @Override
    int run(AdminClient api) throws AdminClient.Refused, IOException {
        JsonNode answer = api.get("stats?since=" + Durations.parse("--since", since) + "&by=" + AdminClient.encoded(by)
                + "&limit=" + limit);
        Table table = by.equals("cause")
                ? new Table("CAUSE", "TIMES")
                : new Table(
                        by.toUpperCase(java.util.Locale.ROOT),
                        "LOGINS",
                        "FAILURES",
                        "IN",
                        "OUT",
                        "BYTES IN",
                        "BYTES OUT");
        answer.path("rows")
                .forEach(row -> add(
                        table,
                        row.path("others").asBoolean()
                                ? "(others)"
                                : row.path("name").asText(),
                        row));
        if (!by.equals("cause")) {
            add(table, "(all)", answer.path("totals"));
        }
        return show(answer, table);
    }

    private void add(Table table, String name, JsonNode row) {
        if (by.equals("cause")) {
            table.row(name, row.path("failures").asText());
            return;
        }
        table.row(
                name,
                row.path("logins").asText(),
                row.path("failures").asText(),
                row.path("filesIn").asText(),
                row.path("filesOut").asText(),
                Table.bytes(row.path("bytesIn").asLong()),
                Table.bytes(row.path("bytesOut").asLong()));
    }
}
