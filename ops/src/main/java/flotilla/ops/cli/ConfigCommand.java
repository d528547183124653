package flotilla.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.client.AdminClient;
import flotilla.ops.config.EffectiveValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla config}. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Shows the configuration, and compares that of the nodes.",
        subcommands = {ConfigCommand.Show.class, ConfigCommand.Diff.class})
final class ConfigCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing: show or diff");
    }

    /** Shows values with their sources. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description =
                    "Shows the values that count, and where each was given: those in force while a server runs here, else"
                            + " those with which it would start. Secrets are not shown.",
            exitCodeList = {
                "6:There is no such key.",
                "78:The configuration is refused. There is a line with file, line and key for each problem."
            },
            footer = {"  flotilla config show --changed", "  flotilla config show limits"})
    static final class Show implements Callable<Integer> {
        private static final int NOT_THERE = 6;

        @Mixin
        private ConfigOptions options = new ConfigOptions();

        @Option(names = "--changed", description = "Shows only values that are not the defaults.")
        private boolean changed;

        @Option(names = "--json", description = "Prints a list of objects with key, value and source.")
        private boolean json;

        @Parameters(arity = "0..1", paramLabel = "KEY", description = "Only keys that begin like this.")
        private String begin = "";

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        private List<EffectiveValue> values() throws Exception {
            Optional<AdminClient> server = AdminClient.forCommands(options.dataDir());
            if (server.isEmpty()) {
                return options.effective();
            }
            List<EffectiveValue> values = new ArrayList<>();
            server.get()
                    .get("settings")
                    .path("settings")
                    .forEach(one -> values.add(new EffectiveValue(
                            one.path("key").asText(),
                            one.path("value").asText(),
                            one.path("source").asText())));
            return values;
        }

        @Override
        public Integer call() throws Exception {
            List<EffectiveValue> values = EffectiveValue.below(values(), begin);
            if (values.isEmpty()) {
                spec.commandLine().getErr().println("flotilla: no key begins with " + begin);
                return NOT_THERE;
            }
            List<EffectiveValue> shown = values.stream()
                    .filter(value -> !changed || !value.isDefault())
                    .toList();
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                ArrayNode all = JsonNodeFactory.instance.arrayNode();
                shown.forEach(value -> {
                    ObjectNode one = all.addObject();
                    one.put("key", value.key()).put("value", value.value()).put("source", value.source());
                });
                out.println(all.toPrettyString());
            } else {
                Table table = new Table("KEY", "VALUE", "FROM");
                shown.forEach(value -> table.row(value.key(), value.value(), value.source()));
                table.print(out);
            }
            out.flush();
            return 0;
        }
    }

    /** Compares the nodes. */
    @Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description =
                    "Shows the keys whose values differ between the nodes, changes that wait for a restart, and changes that a node refused."
                            + " Keys that belong to each node, such as its name, are left out unless --all is given. Secrets are not compared.",
            exitCodeList = {"0:Nothing differs.", "1:Something differs.", "7:Some nodes did not answer."},
            footer = "  flotilla config diff")
    static final class Diff extends AdminCommand {
        /** What differs by its nature: names, places, addresses, and files of a node. */
        private static final List<String> OWN = List.of(
                "flotilla.node.name",
                "flotilla.data-dir",
                "flotilla.storage.root",
                "flotilla.admin.",
                "flotilla.listeners.bind",
                "flotilla.passive.address",
                "flotilla.passive.ports",
                "flotilla.cluster.bind",
                "flotilla.cluster.port",
                "flotilla.cluster.hazelcast-port",
                "flotilla.cluster.seeds",
                "flotilla.cluster.tls.",
                "flotilla.tls.certificate",
                "flotilla.tls.private-key",
                "flotilla.listeners.explicit.port",
                "flotilla.listeners.implicit.port",
                "flotilla.log.native",
                "flotilla.log.xferlog",
                "flotilla.log.json",
                "flotilla.log.audit");

        @Option(names = "--all", description = "Shows the keys that belong to each node, too.")
        private boolean all;

        @Override
        int run(AdminClient api) throws AdminClient.Refused, IOException {
            JsonNode answer = api.get("settings-diff");
            Table table = new Table("KEY", "NODE", "VALUE");
            boolean differs = false;
            for (JsonNode key : answer.path("keys")) {
                String name = key.path("key").asText();
                if (all || OWN.stream().noneMatch(name::startsWith)) {
                    differs = true;
                    key.path("values")
                            .properties()
                            .forEach(value -> table.row(
                                    name, value.getKey(), value.getValue().asText()));
                }
            }
            for (Map.Entry<String, JsonNode> pending : answer.path("pending").properties()) {
                differs = true;
                pending.getValue().forEach(key -> table.row(key.asText(), pending.getKey(), "waits for a restart"));
            }
            for (Map.Entry<String, JsonNode> refused : answer.path("refused").properties()) {
                differs = true;
                table.row(
                        "-", refused.getKey(), "refused: " + refused.getValue().asText());
            }
            if (!differs && !wantsJson() && answer.path("incomplete").isEmpty()) {
                return done(answer, "The nodes have the same settings.");
            }
            int shown = show(answer, table);
            return shown == 0 && differs ? FlotillaCommand.FAILED : shown;
        }
    }
}
