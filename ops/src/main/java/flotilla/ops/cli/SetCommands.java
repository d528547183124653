package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.account.OfflineStore;
import flotilla.ops.client.AdminClient;
import flotilla.ops.client.UserStores;
import flotilla.ops.config.Configuration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Subcommands that change a key on every node. */
final class SetCommands {
    private static final long WAIT_NANOS = 5_000_000_000L;
    private static final long PAUSE_MILLIS = 100;

    private SetCommands() {}

    /** The common part. */
    abstract static class Base extends AdminCommand {
        @Parameters(index = "0", paramLabel = "KEY", description = "A key, with or without flotilla. at its beginning.")
        private String key = "";

        String key() {
            return key.startsWith("flotilla.") ? key : "flotilla." + key;
        }

        String path() {
            return "settings/" + AdminClient.encoded(key());
        }

        /**
         * Waits until the source of the value is as it should be on each node, for five seconds at most.
         *
         * @return the exit code
         */
        int await(AdminClient api, JsonNode answer, Predicate<String> source) throws AdminClient.Refused, IOException {
            long until = System.nanoTime() + WAIT_NANOS;
            while (true) {
                JsonNode now = api.get(path());
                List<String> good = new ArrayList<>();
                List<String> behind = new ArrayList<>();
                for (Map.Entry<String, JsonNode> node : now.path("nodes").properties()) {
                    boolean done = source.test(node.getValue().path("source").asText());
                    (done ? good : behind).add(node.getKey());
                }
                now.path("incomplete").forEach(node -> behind.add(node.asText()));
                if (behind.isEmpty() || System.nanoTime() > until) {
                    return told(answer, now, good, behind);
                }
                pause();
            }
        }

        private int told(JsonNode answer, JsonNode now, List<String> good, List<String> behind) {
            String value = now.path("nodes")
                    .path(good.isEmpty() ? "" : good.get(0))
                    .path("value")
                    .asText();
            done(
                    answer,
                    good.isEmpty()
                            ? key() + ": no node has the change yet"
                            : key() + " = " + value + " on " + String.join(", ", good));
            if (!behind.isEmpty()) {
                err().println("flotilla: these nodes do not have it yet: " + String.join(", ", behind)
                        + " (flotilla config diff tells more)");
                return INCOMPLETE;
            }
            return 0;
        }

        private static void pause() throws IOException {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description =
                    "Gives a key a value on every node at once, whatever the files of the nodes say. It lasts over restarts, until unset."
                            + " The value is refused when one node cannot use it.",
            exitCodeList = {"1:A node refuses the value.", "7:Some nodes did not answer, or do not have the value yet."
            },
            footer = {
                "  flotilla set limits.total-rate 20m",
                "  flotilla set login.ban-exempt 10.0.0.0/8,192.0.2.1",
                "  flotilla set tls.min 1.3"
            })
    static final class Set extends Base {
        @Parameters(
                index = "1",
                paramLabel = "VALUE",
                description = "As for --set: commas separate the parts of a list.")
        private String value = "";

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            JsonNode answer = api.ask("PUT", path(), AdminClient.object().put("value", value));
            String since = answer.path("since").asText();
            return await(api, answer, source -> source.endsWith(since));
        }
    }

    @Command(
            name = "unset",
            mixinStandardHelpOptions = true,
            description =
                    "Takes back a value that set gave: each node uses its own configuration again. It works while no server runs, too.",
            exitCodeList = {"6:The key is not set.", "7:Some nodes did not answer, or still have the value."},
            footer = "  flotilla unset limits.total-rate")
    static final class Unset extends Base {
        @Override
        public Integer call() throws Exception {
            return options().isNobodyThere() ? offline() : super.call();
        }

        private int offline() throws Exception {
            Configuration.Accounts place = options().accounts();
            try (OfflineStore store = UserStores.offline(place.dataDir(), place.database(), place.audit())) {
                if (!store.unset(key())) {
                    err().println("flotilla: " + key() + " is not set for all nodes");
                    return NOT_THERE;
                }
            }
            out().println(key() + " is not set any more");
            out().flush();
            return 0;
        }

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            JsonNode answer = api.delete(path());
            return await(api, answer, source -> !source.startsWith("flotilla set"));
        }
    }
}
