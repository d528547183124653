package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Block;
import flotilla.ops.client.AdminClient;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Subcommands that hold transfers and let them go on. */
final class FreezeCommands {
    private static final String USER = "user:";

    private FreezeCommands() {}

    /** Returns the path of a freeze below the API: {@code user:NAME}, an address or network, or a session. */
    static String path(String target) {
        if (target.startsWith(USER)) {
            return "freezes/user/" + AdminClient.encoded(target.substring(USER.length()));
        }
        return "freezes/" + (isAddress(target) ? "address/" : "session/") + AdminClient.encoded(target);
    }

    private static boolean isAddress(String text) {
        try {
            return !Block.parse(text).toString().isEmpty();
        } catch (IllegalArgumentException session) {
            return false;
        }
    }

    @Command(
            name = "freeze",
            mixinStandardHelpOptions = true,
            description = {
                "Freezes a session, or all sessions of a user, an address or a network, on all nodes: transfers stand still"
                        + " and keep their state, commands that change files wait, and no time limit ends them.",
                "Sessions that begin later freeze once they are logged in. Without a target: lists what is frozen."
            },
            exitCodeList = {"6:There is no such session.", "7:Some nodes did not answer."},
            footer = {
                "  flotilla freeze k3v7qhx2ma --reason \"who is this?\"",
                "  flotilla freeze user:alice --for 2h",
                "  flotilla freeze 203.0.113.0/24",
                "  flotilla freeze"
            })
    static final class Freeze extends AdminCommand {
        @Parameters(
                arity = "0..1",
                paramLabel = "SESSION|user:NAME|ADDRESS",
                description = "A session's id or its last 10 characters, a user, or an address or network.")
        private String target = "";

        @Option(
                names = "--for",
                paramLabel = "TIME",
                description = "Such as 15m or 2h; view.freeze if not given, view.longest-freeze at most.")
        private String duration = "";

        @Option(names = "--reason", paramLabel = "TEXT", description = "Shown to operators.")
        private String reason = "";

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            if (target.isEmpty()) {
                return list(api.get("freezes"));
            }
            ObjectNode body = AdminClient.object();
            if (!duration.isEmpty()) {
                body.put("for", Durations.parse("--for", duration).toString());
            }
            if (!reason.isEmpty()) {
                body.put("reason", reason);
            }
            JsonNode answer = api.put(path(target), body);
            return done(
                    answer,
                    answer.path("kind").asText() + " " + answer.path("name").asText() + " is frozen until "
                            + answer.path("until").asText());
        }

        private int list(JsonNode answer) {
            Table table = new Table("FROZEN", "NAME", "UNTIL", "BY", "REASON");
            answer.path("freezes")
                    .forEach(freeze -> table.row(
                            freeze.path("kind").asText(),
                            freeze.path("name").asText(),
                            freeze.path("until").asText(),
                            freeze.path("by").asText(),
                            freeze.path("reason").asText()));
            return show(answer, table);
        }
    }

    @Command(
            name = "thaw",
            mixinStandardHelpOptions = true,
            description = "Ends a freeze: transfers go on where they stood.",
            exitCodeList = "6:There is no such freeze.",
            footer = {"  flotilla thaw user:alice", "  flotilla thaw 203.0.113.0/24"})
    static final class Thaw extends AdminCommand {
        @Parameters(paramLabel = "SESSION|user:NAME|ADDRESS", description = "What flotilla freeze lists.")
        private String target = "";

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            return done(api.delete(path(target)), target + " goes on");
        }
    }
}
