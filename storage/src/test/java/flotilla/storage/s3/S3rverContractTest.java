package flotilla.storage.s3;

import flotilla.storage.StorageBackend;
import flotilla.storage.Store;
import flotilla.storage.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract against s3rver, a second implementation of the protocol. The variable names the directory in which
 * {@code npm install s3rver@3.7.1} ran.
 */
@Tag("processes")
@EnabledIfEnvironmentVariable(named = "FLOTILLA_S3RVER", matches = ".+")
class S3rverContractTest extends S3Contract {
    private static final String PROGRAM = """
            const S3rver = require('s3rver');
            new S3rver({ address: '127.0.0.1', port: PORT, silent: true, directory: 'DIRECTORY',
              configureBuckets: [{ name: 'files' }] }).run();
            """;

    @TempDir
    static Path directory;

    private static Process process;
    private static Store store;
    private static int homes;

    @BeforeAll
    static void start() throws Exception {
        int port = S3Proxy.freePort();
        Path program = Files.writeString(
                directory.resolve("s3rver.js"),
                PROGRAM.replace("PORT", String.valueOf(port))
                        .replace("DIRECTORY", directory.resolve("data").toString()));
        ProcessBuilder builder = new ProcessBuilder("node", "--openssl-legacy-provider", program.toString());
        builder.environment()
                .put(
                        "NODE_PATH",
                        Path.of(System.getenv("FLOTILLA_S3RVER"), "node_modules")
                                .toString());
        process = builder.inheritIO().start();
        S3Proxy.awaitPort(process, port);
        store = new S3Provider().open(settings(port), S3Proxy.resources());
    }

    private static StoreSettings settings(int port) throws IOException {
        Path credentials = S3Proxy.credentials(directory.resolve("credentials"), "S3RVER", "S3RVER");
        return new StoreSettings(
                "rver",
                "s3",
                Map.of(
                        "endpoint",
                        "http://127.0.0.1:" + port,
                        "bucket",
                        "files",
                        "credentials",
                        "file:" + credentials,
                        "conditional-writes",
                        "false")); // it ignores conditions
    }

    @AfterAll
    static void stop() {
        store.close();
        process.destroyForcibly().onExit().join();
    }

    @Override
    protected StorageBackend create() throws Exception {
        return store.home("home" + ++homes, true);
    }
}
