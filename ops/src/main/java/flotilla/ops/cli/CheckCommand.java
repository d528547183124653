package flotilla.ops.cli;

import flotilla.node.access.AccessRules;
import flotilla.node.tree.Stores;
import flotilla.ops.config.ConfigException;
import flotilla.ops.config.ConfigProblem;
import flotilla.ops.config.Configuration;
import flotilla.ops.extension.Extension;
import flotilla.ops.extension.OutsideAuthenticators;
import flotilla.ops.hook.EventHooks;
import flotilla.ops.server.Expiry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
        footer = {"  flotilla check flotilla.conf", "  flotilla check --deep"})
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

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Optional<Path> chosen = Optional.ofNullable(file).or(options::chosen);
        Configuration configuration = options.load(chosen);
        List<Extension> hooks = configuration.extensions().hooks().hooks();
        require("flotilla.hooks.named.", EventHooks.providers(hooks).missing(hooks));
        List<Extension> authenticators = configuration.extensions().authenticators();
        require(
                "flotilla.authenticators.named.",
                OutsideAuthenticators.providers(authenticators).missing(authenticators));
        require("flotilla.storage.stores.", Stores.problems(configuration.node().stores()));
        AccessRules.open(
                configuration.node().access(),
                note -> spec.commandLine().getErr().println("warning: " + note));
        Configuration.unknownVariables(System.getenv())
                .forEach(unknown -> spec.commandLine().getErr().println("warning: " + unknown));
        Instant now = Instant.now();
        Expiry.configured(configuration).stream()
                .filter(one -> one.passed(configuration.expiryDays(), now).isPresent())
                .forEach(one -> spec.commandLine().getErr().println("warning: " + one.text(now)));
        spec.commandLine().getOut().println("The configuration is good.");
        return deep
                ? DoctorCommand.findings(
                        configuration, chosen, spec.commandLine().getOut())
                : 0;
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
