package flotilla.ops.cli;

import flotilla.ops.setup.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where the commands that write a first configuration put it. */
final class SetupOptions {
    static final int CLUSTER_PORT = 7355;
    static final int HAZELCAST_PORT = 5701;

    private static final Path LOGS = Path.of("/var/log/flotilla");
    private static final Path INSTALLED_DATA = Path.of("/var/lib/flotilla");

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Configuration file to write. Default: the environment variable FLOTILLA_CONFIG, else"
                    + " /etc/flotilla/flotilla.conf.")
    private @Nullable Path file;

    @Option(
            names = "--data-dir",
            paramLabel = "DIRECTORY",
            description = "Directory of the server's own files. Default: /var/lib/flotilla for a file in /etc, else"
                    + " flotilla-data beside the file.")
    private @Nullable Path dataDir;

    @Option(names = "--force", description = "Replaces a configuration, and keeps it as FILE.old.")
    private boolean force;

    boolean force() {
        return force;
    }

    Path file() {
        return ConfigOptions.fileToWrite(Optional.ofNullable(file))
                .toAbsolutePath()
                .normalize();
    }

    Path beside(String name) {
        return file().resolveSibling(name);
    }

    Path dataDir() {
        return given().orElseGet(() -> file().startsWith("/etc") ? INSTALLED_DATA : beside("flotilla-data"));
    }

    /** Returns the data directory, if it was given. */
    Optional<Path> given() {
        return Optional.ofNullable(dataDir).map(Path::toAbsolutePath);
    }

    /** Returns the directory of logs that the package makes. */
    Optional<Path> logs() {
        return file().startsWith("/etc") && Files.isDirectory(LOGS) ? Optional.of(LOGS) : Optional.empty();
    }

    static Member member(CommandSpec spec, String text) {
        try {
            return Member.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }
}
