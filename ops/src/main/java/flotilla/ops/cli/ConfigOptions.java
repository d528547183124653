package flotilla.ops.cli;

import flotilla.ops.config.ConfigException;
import flotilla.ops.config.Configuration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the configuration, for every subcommand. */
final class ConfigOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (HOCON). Without it, defaults.")
    private @Nullable Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key; may be given again.")
    private List<String> settings = new ArrayList<>();

    Configuration load() throws ConfigException {
        return load(Optional.ofNullable(file));
    }

    Configuration load(Optional<Path> chosen) throws ConfigException {
        return Configuration.load(chosen, System.getenv(), settings);
    }

    /** Returns the data directory, without a look at the other keys. */
    Path dataDir() throws ConfigException {
        return Configuration.dataDir(Optional.ofNullable(file), System.getenv(), settings);
    }

    /** Returns the options as arguments for a shell, so that printed commands work. */
    String asArguments() {
        StringBuilder text = new StringBuilder();
        if (file != null) {
            text.append(" --config ").append(file);
        }
        settings.forEach(setting -> text.append(" --set '").append(setting).append('\''));
        return text.toString();
    }
}
