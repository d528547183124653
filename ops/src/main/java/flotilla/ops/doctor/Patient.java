package flotilla.ops.doctor;

import flotilla.ops.config.Configuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A machine and the configuration of its server.
 *
 * @param file the configuration file; empty for none
 * @param from the host that clients dial; empty when nothing is to be tried there
 * @param kernel what the system says of itself
 * @param programs runs a program and returns its output; empty when it is missing or fails
 * @param timeout the longest wait for a connection
 */
public record Patient(
        Configuration configuration,
        Optional<Path> file,
        Optional<String> from,
        Kernel kernel,
        Function<List<String>, Optional<String>> programs,
        Duration timeout) {

    /** The machine on which this process runs. */
    public static Patient here(
            Configuration configuration, Optional<Path> file, Optional<String> from, Duration timeout) {
        return new Patient(configuration, file, from, new Kernel(Path.of("/")), Programs::output, timeout);
    }

    /** The process of the server with this data directory; empty when none runs, or it is not known. */
    Optional<String> server() {
        return kernel.holder(configuration.dataDir().resolve("run").resolve("lock"));
    }
}
