package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import flotilla.cluster.User;
import flotilla.ops.cli.FlotillaCommand;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.ServerProcess;
import flotilla.storage.ReservedNames;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store with a name that has the homes which name none, {@code storage.default}. */
@Timeout(120)
class DefaultStoreTest {
    private static final String DEFAULT = "flotilla.storage.default=archive";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    @Test
    @DisplayName("homes without a store's name lie in the default store, and the node needs no directory of its own")
    void homes() throws Exception {
        Path archive = work.resolve("archive");
        try (ServerProcess server = ServerProcess.start(
                DEFAULT,
                "flotilla.storage.stores.archive.type=local",
                "flotilla.storage.stores.archive.root=" + archive)) {
            for (String home : new String[] {"alice", "archive:/alice"}) {
                Account account = server.newAccount(user -> User.create(user.name(), user.passwordHash(), home));
                Path sent = Program.file(work.resolve("sent"), 1000);
                Program.of(work, "curl")
                        .with("-sS", "--fail", "--max-time", "60", "--ssl-reqd", "--cacert")
                        .with(server.certificate().toString(), "--user", account.name() + ":" + account.password())
                        .with("-T", "sent", "ftp://localhost:" + server.explicitPort() + "/f")
                        .run()
                        .ok();
                assertArrayEquals(Files.readAllBytes(sent), Files.readAllBytes(archive.resolve("alice/f")));
                Files.delete(archive.resolve("alice/f"));
            }
            assertFalse(Files.exists(server.storage().resolve(ReservedNames.MARKER)), "storage.root has no marker");
        }
    }

    @Test
    @DisplayName("a default store that there is not is a problem of the configuration")
    void unknown() {
        assertEquals(78, FlotillaCommand.run("check", "--set", DEFAULT));
    }
}
