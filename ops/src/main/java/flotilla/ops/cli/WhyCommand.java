package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.client.AdminClient;
import flotilla.ops.log.LogText;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla why}: tells why something was refused lately. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description = "Tells what was refused lately on all nodes, why, and what helps. The newest comes first.",
        exitCodeList = "7:Some nodes did not answer.",
        footer = {"  flotilla why alice", "  flotilla why 203.0.113.7 --last 5", "  flotilla why k3v7qhx2ma"})
final class WhyCommand extends AdminCommand {
    private static final int WIDTH = 19;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME|ADDRESS|SESSION",
            description = "A user, an address or network, or a session's id or its last 10 characters. Without: all.")
    private String about = "";

    @Option(names = "--last", paramLabel = "COUNT", description = "Most refusals shown, default ${DEFAULT-VALUE}.")
    private int last = 20;

    @Override
    int run(AdminClient api) throws AdminClient.Refused, IOException {
        JsonNode answer = api.get("refusals?about=" + AdminClient.encoded(about) + "&limit=" + last);
        if (!wantsJson()) {
            answer.path("refusals").forEach(this::print);
            if (answer.path("refusals").isEmpty()) {
                out().println("Nothing was refused lately" + (about.isEmpty() ? "." : " to " + about + "."));
            }
        }
        return showRest(answer);
    }

    private void print(JsonNode refusal) {
        String session = refusal.path("session").asText();
        List<String> where = new ArrayList<>(List.of(refusal.path("node").asText()));
        if (!refusal.path("address").asText().isEmpty()) {
            where.add(refusal.path("address").asText());
        }
        if (!session.isEmpty()) {
            where.add("session " + session);
        }
        if (refusal.path("code").asInt() > 0) {
            where.add("reply " + refusal.path("code").asText());
        }
        out().println(TIME.format(Instant.parse(refusal.path("time").asText())) + "  " + shown(refusal, "says"));
        String indent = " ".repeat(WIDTH + 2);
        out().println(indent + LogText.shown(String.join(", ", where)) + " ("
                + refusal.path("cause").asText() + ")");
        JsonNode holders = refusal.path("holders");
        if (!holders.isMissingNode()) {
            out().println(indent + refusal.path("held").asText() + " sessions now, the oldest first:");
            holders.forEach(holder -> out().println(indent + "  " + shown(holder, "session") + "  "
                    + shown(holder, "user") + "  " + shown(holder, "address") + "  since "
                    + TIME.format(Instant.parse(holder.path("since").asText()))));
        }
        out().println(indent + "-> " + shown(refusal, "help"));
    }

    private static String shown(JsonNode json, String key) {
        return LogText.shown(json.path(key).asText());
    }
}
