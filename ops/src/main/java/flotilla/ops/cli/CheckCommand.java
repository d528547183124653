package flotilla.ops.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a configuration without starting anything. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Checks a configuration file: keys, values, ports, certificates. Exit code 3 when it is refused.")
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Configuration file.")
    private @Nullable Path file;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (file == null) {
            options.load();
        } else {
            options.load(Optional.of(file));
        }
        spec.commandLine().getOut().println("The configuration is good.");
        return 0;
    }
}
