package flotilla.ops.cli;

import flotilla.ops.client.AdminClient;
import flotilla.ops.config.ConfigException;
import flotilla.ops.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options for the address of the admin API and the token. Without them, commands use the server of the local data
 * directory.
 */
final class AdminOptions {
    private static final String TOKEN = "FLOTILLA_TOKEN";

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Admin API of any node, such as https://10.0.0.1:8421. Default: the local server.")
    private @Nullable String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token. Default: the environment variable FLOTILLA_TOKEN.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM file of the authorities to trust instead of the system's.")
    private @Nullable Path ca;

    Configuration configuration() throws ConfigException {
        return options.load();
    }

    /**
     * Returns a client of the API.
     *
     * @throws IllegalStateException when no server is known; the message states the remedy
     */
    AdminClient client() throws Exception {
        if (url != null) {
            return AdminClient.of(url, token(), Optional.ofNullable(ca));
        }
        Path dataDir = options.dataDir();
        return AdminClient.forApi(dataDir)
                .orElseThrow(() -> new IllegalStateException("no server with an admin API runs with data directory "
                        + dataDir + ": is it running, with flotilla.admin.enabled? Else give --url and --token-file"));
    }

    /** Returns where the accounts are, without a look at the other keys. */
    Configuration.Accounts accounts() throws ConfigException {
        return options.accounts(options.chosen());
    }

    /** Returns true when the local server is meant and none runs. */
    boolean isNobodyThere() throws ConfigException {
        return url == null && AdminClient.forCommands(options.dataDir()).isEmpty();
    }

    private String token() throws IOException {
        String given = tokenFile == null ? System.getenv().getOrDefault(TOKEN, "") : Files.readString(tokenFile);
        if (given.isBlank()) {
            throw new IllegalStateException("a token is needed: --token-file or " + TOKEN);
        }
        return given.strip();
    }
}
