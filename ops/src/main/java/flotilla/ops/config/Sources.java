package flotilla.ops.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the configuration of a process is given, apart from the values that hold on every node.
 *
 * @param file the configuration file; without one, the defaults apply
 * @param environment variables by name
 * @param settings {@code KEY=VALUE} of {@code --set}
 */
public record Sources(Optional<Path> file, Map<String, String> environment, List<String> settings) {
    public Sources {
        environment = Map.copyOf(environment);
        settings = List.copyOf(settings);
    }

    /**
     * Reads and checks the configuration.
     *
     * @throws ConfigException with all problems that were found
     */
    public Configuration load() throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        return Configuration.read(merged(problems), problems);
    }

    /** Merges the sources, and notes problems. */
    Config merged(List<ConfigProblem> problems) {
        return new ConfigSource(problems).load(this);
    }
}
