package flotilla.ops.cli;

import flotilla.ops.admin.AdminServer;
import flotilla.ops.config.ConfigException;
import flotilla.ops.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the admin API is and who asks. Without options: the server of the local data directory. */
final class AdminOptions {
    private static final String TOKEN = "FLOTILLA_TOKEN";

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Admin API of any node, such as https://10.0.0.1:8421. Without it, the local server.")
    private @Nullable String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token. Without it, the environment variable FLOTILLA_TOKEN.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM of the authorities to trust instead of the system's.")
    private @Nullable Path ca;

    Configuration configuration() throws ConfigException {
        return options.load();
    }

    /** @throws IllegalStateException when no server is known, saying what to do */
    AdminClient client() throws Exception {
        if (url != null) {
            return AdminClient.of(url, token(), Optional.ofNullable(ca), Optional.empty());
        }
        Configuration configuration = options.load();
        Path file = AdminServer.localFile(configuration.dataDir());
        if (!Files.exists(file)) {
            throw new IllegalStateException(
                    "no server with an admin API runs with data directory " + configuration.dataDir()
                            + ": is it running, with flotilla.admin.enabled? Else give --url and --token-file");
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.size() < 3) {
            throw new IllegalStateException(file + " is not complete: is the server starting or stopping?");
        }
        Optional<Path> pinned = lines.get(2).isEmpty() ? Optional.empty() : Optional.of(Path.of(lines.get(2)));
        return AdminClient.of(lines.get(0), lines.get(1), Optional.empty(), pinned);
    }

    private String token() throws IOException {
        String given = tokenFile == null ? System.getenv().getOrDefault(TOKEN, "") : Files.readString(tokenFile);
        if (given.isBlank()) {
            throw new IllegalStateException("a token is needed: --token-file or " + TOKEN);
        }
        return given.strip();
    }
}
