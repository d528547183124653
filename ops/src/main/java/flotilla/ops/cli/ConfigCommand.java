package flotilla.ops.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.config.EffectiveValue;
import java.io.PrintWriter;
import java.util.List;
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
        description = "Shows the configuration.",
        subcommands = ConfigCommand.Show.class)
final class ConfigCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing: show");
    }

    /** Shows values with their sources. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows the values that count, and where each was given. Secrets are not shown.",
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

        @Override
        public Integer call() throws Exception {
            List<EffectiveValue> values = EffectiveValue.below(options.effective(), begin);
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
}
