package flotilla.ops.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.node.access.AccessRules;
import flotilla.node.tree.Stores;
import flotilla.ops.config.ConfigException;
import flotilla.ops.config.ConfigProblem;
import flotilla.ops.config.Configuration;
import flotilla.ops.event.Events;
import flotilla.ops.extension.Extension;
import flotilla.ops.extension.OutsideAuthenticators;
import flotilla.ops.hook.EventHooks;
import flotilla.ops.server.Expiry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a configuration without starting anything. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Checks a configuration: keys, values, ports, certificates and types of extensions. It starts nothing,"
                        + " and warns of certificates that expire soon.",
        exitCodeList = {
            "1:With --deep: a finding is FAIL.",
            "78:The configuration is refused. There is a line with file, line and key for each problem."
        },
        footer = {"  flotilla check flotilla.conf", "  flotilla check flotilla.conf --json", "  flotilla check --deep"})
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Configuration file. Default: that of --config.")
    private @Nullable Path file;

    @Option(
            names = "--deep",
            description =
                    "Looks at all that the configuration names, too, as doctor does: database, directories, stores,"
                            + " storage marker, ports, keys, certificates with their chains.")
    private boolean deep;

    @Option(
            names = "--json",
            description = "Prints an object: good, warnings, and problems with where, key and text. Without --deep.")
    private boolean json;

    private final List<String> warnings = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (deep && json) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "the findings of --deep have no JSON here: flotilla doctor --json");
        }
        Optional<Path> chosen = Optional.ofNullable(file).or(options::chosen);
        List<ConfigProblem> problems = List.of();
        try {
            check(options.load(chosen));
        } catch (ConfigException refused) {
            if (!json) {
                throw refused;
            }
            problems = refused.problems();
        }
        if (json) {
            spec.commandLine().getOut().println(result(problems).toPrettyString());
            return problems.isEmpty() ? 0 : FlotillaCommand.CONFIGURATION;
        }
        warnings.forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
        spec.commandLine().getOut().println("The configuration is good.");
        return deep
                ? DoctorCommand.findings(
                        options.load(chosen), chosen, spec.commandLine().getOut())
                : 0;
    }

    private ObjectNode result(List<ConfigProblem> problems) {
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("good", problems.isEmpty());
        warnings.forEach(result.putArray("warnings")::add);
        ArrayNode array = result.putArray("problems");
        problems.forEach(problem -> array.addObject()
                .put("where", problem.where())
                .put("key", problem.key())
                .put("text", problem.text()));
        return result;
    }

    private void check(Configuration configuration) throws Exception {
        List<Extension> hooks = configuration.extensions().hooks().hooks();
        require("flotilla.hooks.named.", EventHooks.providers(hooks).missing(hooks));
        List<Extension> authenticators = configuration.extensions().authenticators();
        require(
                "flotilla.authenticators.named.",
                OutsideAuthenticators.providers(authenticators).missing(authenticators));
        require(
                "flotilla.storage.stores.",
                Stores.problems(configuration.node().storage().stores()));
        List<Extension> targets = configuration.extensions().events().targets();
        require("flotilla.events.targets.", Events.providers(targets).missing(targets));
        AccessRules.open(configuration.node().access(), warnings::add);
        warnings.addAll(Configuration.unknownVariables(System.getenv()));
        Instant now = Instant.now();
        Expiry.configured(configuration).stream()
                .filter(one -> one.passed(configuration.expiryDays(), now).isPresent())
                .forEach(one -> warnings.add(one.text(now)));
    }

    /** Checks for the providers on the class path, which only a node needs. */
    private static void require(String prefix, Map<String, String> problems) throws ConfigException {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems.entrySet().stream()
                    .map(named -> new ConfigProblem("", prefix + named.getKey(), named.getValue()))
                    .toList());
        }
    }
}
