package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Subcommands about sessions. */
final class SessionCommands {
    private SessionCommands() {}

    @Command(
            name = "sessions",
            mixinStandardHelpOptions = true,
            description = "Shows the sessions of the whole cluster and what they do.",
            exitCodeList = "7:Some nodes did not answer.",
            footer = {"  flotilla sessions --sort=-rate --limit 20", "  flotilla sessions --user alice --json"})
    static final class Sessions extends AdminCommand {
        private static final int PAGE = 1_000;

        @Option(names = "--user", paramLabel = "NAME", description = "Shows only sessions of this user.")
        private String user = "";

        @Option(
                names = "--address",
                paramLabel = "ADDRESS",
                description = "Shows only sessions of this client address.")
        private String address = "";

        @Option(
                names = "--node",
                paramLabel = "NODE",
                description = "Shows only sessions that run on this node, or have their control connection there.")
        private String node = "";

        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "Shows only sessions in this state: connecting, idle or transferring.")
        private String state = "";

        @Option(
                names = "--sort",
                paramLabel = "KEY",
                description =
                        "Order: since, user, address, node, active, bytes or rate; default ${DEFAULT-VALUE}. -KEY reverses it.")
        private String sort = "since";

        @Option(names = "--limit", paramLabel = "COUNT", description = "Most sessions shown, default ${DEFAULT-VALUE}.")
        private int limit = 100;

        @Parameters(
                arity = "0..1",
                paramLabel = "SESSION",
                description = "Shows only this session: its id, or the last 10 characters of it.")
        private String session = "";

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            ObjectNode all = AdminClient.object();
            ArrayNode sessions = all.putArray("sessions");
            if (!session.isEmpty()) {
                sessions.add(api.get("sessions/" + AdminClient.encoded(session)));
                return show(all, table(sessions));
            }
            String cursor = "";
            while (true) {
                JsonNode page = api.get("sessions?" + query(cursor, limit - sessions.size()));
                page.path("sessions").forEach(sessions::add);
                all.set("matched", page.path("matched"));
                all.set("incomplete", page.path("incomplete"));
                cursor = page.path("next").asText("");
                if (cursor.isEmpty() || sessions.size() >= limit) {
                    break;
                }
            }
            int exit = show(all, table(sessions));
            int matched = all.path("matched").asInt();
            if (!wantsJson() && matched > sessions.size()) {
                out().println("(" + sessions.size() + " of " + matched + ")");
            }
            return exit;
        }

        private String query(String cursor, int left) {
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("user", user);
            parameters.put("address", address);
            parameters.put("node", node);
            parameters.put("state", state);
            parameters.put("sort", sort);
            parameters.put("limit", String.valueOf(Math.max(1, Math.min(PAGE, left))));
            parameters.put("cursor", cursor);
            List<String> pairs = new ArrayList<>();
            parameters.forEach((name, value) -> {
                if (!value.isEmpty()) {
                    pairs.add(name + "=" + AdminClient.encoded(value));
                }
            });
            return String.join("&", pairs);
        }

        private static Table table(ArrayNode sessions) {
            Table table = new Table(
                    "SESSION", "USER", "ADDRESS", "NODES", "TLS", "SINCE", "IDLE", "DOES", "WHERE", "MOVED", "RATE");
            for (JsonNode session : sessions) {
                JsonNode nodes = session.path("nodes");
                JsonNode transfer = session.path("transfer");
                boolean moves = !transfer.isMissingNode();
                String data = nodes.path("data").asText("");
                table.row(
                        session.path("id").asText(),
                        session.path("user").asText(),
                        session.path("address").asText(),
                        nodes.path("control").asText() + "/"
                                + nodes.path("session").asText() + (data.isEmpty() ? "" : "/" + data),
                        session.path("tls").path("version").asText(),
                        age(session.path("since").asText()),
                        Table.seconds(session.path("idleSeconds").asLong()),
                        (session.has("frozen") ? "frozen: " : "")
                                + (moves
                                        ? transfer.path("direction").asText()
                                        : session.path("lastCommand").asText()),
                        moves
                                ? transfer.path("path").asText()
                                : session.path("directory").asText(),
                        moves ? Table.bytes(transfer.path("bytes").asLong()) : "",
                        moves ? Table.bytes(transfer.path("bytesPerSecond").asLong()) + "/s" : "");
            }
            return table;
        }

        private static String age(String since) {
            return Table.seconds(Math.max(
                    0, Duration.between(Instant.parse(since), Instant.now()).toSeconds()));
        }
    }

    @Command(
            name = "kick",
            mixinStandardHelpOptions = true,
            description = "Ends sessions: their control and data connections are closed at once.",
            exitCodeList = {
                "6:One of the sessions does not exist. The others end.",
                "7:The node of a session did not answer."
            },
            footer = {"  flotilla kick ID --reason \"maintenance\"", "  flotilla kick --user alice"})
    static final class Kick extends AdminCommand {
        private static final int MOST = 1_000;
        /** Ids are longer than this. */
        private static final int WHOLE = 20;

        @Parameters(
                arity = "0..*",
                paramLabel = "SESSION",
                description =
                        "Id of the session, as in flotilla sessions, its last 10 characters, or its beginning when no other"
                                + " begins like it.")
        private List<String> sessions = new ArrayList<>();

        @Option(names = "--user", paramLabel = "NAME", description = "All sessions of this user, at most 1000.")
        private String user = "";

        @Option(names = "--reason", paramLabel = "TEXT", description = "Shown to the client.")
        private String reason = "";

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            ObjectNode body = AdminClient.object();
            if (!reason.isEmpty()) {
                body.put("reason", reason);
            }
            int exit = 0;
            for (String session : wanted(api)) {
                try {
                    JsonNode answer = api.post("sessions/" + AdminClient.encoded(session) + "/kick", body);
                    done(
                            answer,
                            "session " + session + " ended on "
                                    + answer.path("by").asText());
                } catch (AdminClient.Refused refused) {
                    exit = failed(refused);
                }
            }
            return exit;
        }

        private List<String> wanted(AdminClient api) throws AdminClient.Refused, IOException {
            if (user.isEmpty() == sessions.isEmpty()) {
                throw new IllegalStateException("name sessions, or a user with --user");
            }
            if (!user.isEmpty()) {
                List<String> all = ids(api, "&user=" + AdminClient.encoded(user));
                if (all.isEmpty()) {
                    out().println("no session of " + user);
                }
                return all;
            }
            List<String> whole = new ArrayList<>();
            for (String session : sessions) {
                whole.add(session.length() < WHOLE ? completed(api, session) : session);
            }
            return whole;
        }

        /** Returns the id that begins like this; the text itself when there is none or more than one. */
        private static String completed(AdminClient api, String begin) throws AdminClient.Refused, IOException {
            List<String> found =
                    ids(api, "").stream().filter(id -> id.startsWith(begin)).toList();
            if (found.size() > 1) {
                throw new IllegalStateException(
                        begin + " is the beginning of " + found.size() + " sessions, such as " + found.get(0));
            }
            return found.isEmpty() ? begin : found.get(0);
        }

        private static List<String> ids(AdminClient api, String query) throws AdminClient.Refused, IOException {
            List<String> ids = new ArrayList<>();
            api.get("sessions?limit=" + MOST + query)
                    .path("sessions")
                    .forEach(session -> ids.add(session.path("id").asText()));
            return ids;
        }
    }
}
