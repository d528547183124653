package flotilla.ops.cli;

import flotilla.cluster.Overrides;
import flotilla.ops.client.AdminClient;
import flotilla.ops.client.RemoteSettings;
import flotilla.ops.config.ConfigException;
import flotilla.ops.config.Configuration;
import flotilla.ops.config.EffectiveValue;
import flotilla.ops.config.LiveConfiguration;
import flotilla.ops.config.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the configuration, for every subcommand. */
final class ConfigOptions {
    private static final String VARIABLE = "FLOTILLA_CONFIG";
    private static final Path USUAL = Path.of("/etc/flotilla/flotilla.conf");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file (HOCON). Default: the environment variable FLOTILLA_CONFIG, else"
                    + " /etc/flotilla/flotilla.conf where it exists.")
    private @Nullable Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a key; may be given again.")
    private List<String> settings = new ArrayList<>();

    Configuration load() throws ConfigException {
        return load(chosen());
    }

    /**
     * Returns the configuration with the values that hold on every node, as far as a server that runs here knows them.
     *
     * @throws ConfigException with all problems that were found
     */
    Configuration inForce() throws ConfigException {
        Map<String, Overrides.Value> set = AdminClient.forCommands(dataDir())
                .map(server -> new RemoteSettings(server).all())
                .orElse(Map.of());
        return LiveConfiguration.start(sources(), set).now().configuration();
    }

    /** Returns where the configuration is given. */
    Sources sources() {
        return new Sources(chosen(), System.getenv(), settings);
    }

    /** Returns where the accounts are, as a configuration file says whose other files may be missing. */
    Configuration.Accounts accounts(Optional<Path> chosen) throws ConfigException {
        return Configuration.accounts(chosen, System.getenv(), settings);
    }

    /** Returns the file that is read; empty for none. */
    Optional<Path> chosen() {
        return file(Optional.ofNullable(file), System.getenv(), USUAL);
    }

    /**
     * Returns the file to read.
     *
     * @param option what {@code --config} names
     * @param usual is read only where it exists
     */
    static Optional<Path> file(Optional<Path> option, Map<String, String> environment, Path usual) {
        Optional<Path> named = Optional.ofNullable(environment.get(VARIABLE))
                .filter(value -> !value.isEmpty())
                .map(Path::of);
        return option.or(() -> named).or(() -> Optional.of(usual).filter(Files::exists));
    }

    /** Returns the file that a command writes, which need not exist. */
    static Path fileToWrite(Optional<Path> option) {
        return file(option, System.getenv(), USUAL).orElse(USUAL);
    }

    Configuration load(Optional<Path> chosen) throws ConfigException {
        return Configuration.load(chosen, System.getenv(), settings);
    }

    /** Returns the value of every key, and where it was given. */
    List<EffectiveValue> effective() throws ConfigException {
        return Configuration.effective(chosen(), System.getenv(), settings);
    }

    /** Returns the data directory, without a look at the other keys. */
    Path dataDir() throws ConfigException {
        return Configuration.dataDir(chosen(), System.getenv(), settings);
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
