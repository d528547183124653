package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.User;
import flotilla.ops.cli.FlotillaCommand;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.ExtensionJar;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import flotilla.storage.StorageProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that is away: one that nobody can do without makes the node not ready, another one fails alone. */
@Timeout(180)
class RequiredStoreTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    private static Account account(ServerProcess server, String home) {
        return server.newAccount(user -> User.create(user.name(), user.passwordHash(), home));
    }

    private static FtpDriver driver(ServerProcess server, Account account) throws Exception {
        FtpDriver ftp = FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account);
        ftp.command("TYPE I").expect(200);
        return ftp;
    }

    @Test
    @DisplayName("readiness follows required stores only, other users go on, and requests of stores are counted")
    void away() throws Exception {
        Path jar = ExtensionJar.of(work, "extension/PlainStores.java.txt", StorageProvider.class.getName());
        Path boxAway = work.resolve("box-away");
        Path farAway = work.resolve("far-away");
        try (ServerProcess server = ServerProcess.start(
                "classpath:" + jar,
                "flotilla.storage.stores.box.type=plain",
                "flotilla.storage.stores.box.largest=1000000",
                "flotilla.storage.stores.box.required=true",
                "flotilla.storage.stores.box.away=" + boxAway,
                "flotilla.storage.stores.far.type=plain",
                "flotilla.storage.stores.far.largest=1000000",
                "flotilla.storage.stores.far.away=" + farAway)) {
            Api api = Api.local(server);
            try (FtpDriver box = driver(server, account(server, "box:/a"));
                    FtpDriver far = driver(server, account(server, "far:/a"));
                    FtpDriver other = driver(server, server.newAccount())) {
                byte[] bytes = "ten bytes.".getBytes(StandardCharsets.US_ASCII);
                far.store("STOR f", bytes).expect(226);
                box.store("STOR f", bytes).expect(226);
                Files.createFile(farAway);
                far.command("SIZE f").expect(451);
                Files.createFile(boxAway);
                Await.until("not ready", () -> api.call("GET", "/ready", "").status() == 503);
                String reasons = api.call("GET", "/ready", "").text();
                assertTrue(reasons.contains("the store box is away") && !reasons.contains("far"), reasons);
                box.command("SIZE f").expect(451);
                other.store("STOR f", bytes).expect(226);
                assertArrayEquals(bytes, other.fetch("RETR f"));
                Files.delete(boxAway);
                Await.until("ready", () -> api.call("GET", "/ready", "").status() == 200);
                box.command("SIZE f").expect(213);
                far.command("SIZE f").expect(451);
            }
            String metrics = api.call("GET", "/metrics", "").text();
            for (String line : new String[] {
                "flotilla_store_bytes_total{direction=\"sent\",store=\"box\"} 10.0",
                "flotilla_store_errors_total{error=\"timeout\",store=\"far\"} ",
                "flotilla_store_request_seconds_count{operation=\"put\",store=\"box\"} 1",
                "flotilla_store_request_seconds_max{operation=\"head\",store=\"far\"} "
            }) {
                assertTrue(metrics.contains(line), line + " is missing in " + metrics);
            }
        }
    }

    @Test
    @DisplayName("a node is ready without the marker of storage.root when storage.required is false")
    void defaultStoreNotRequired() throws Exception {
        try (ServerProcess server = ServerProcess.start("flotilla.storage.required=false")) {
            Files.delete(server.storage().resolve(".flotilla-storage"));
            Await.until("the log tells", () -> server.errors().contains("does not hold the marker"));
            assertEquals(200, Api.local(server).call("GET", "/ready", "").status());
            try (FtpDriver ftp = driver(server, server.newAccount())) {
                ftp.command("NOOP").expect(200);
            }
        }
    }

    @Test
    @DisplayName("a value of required that is neither true nor false is refused")
    void refused() {
        assertEquals(
                78,
                FlotillaCommand.run(
                        "check",
                        "--set",
                        "flotilla.storage.stores.box.type=local",
                        "--set",
                        "flotilla.storage.stores.box.root=" + work,
                        "--set",
                        "flotilla.storage.stores.box.required=perhaps"));
    }
}
