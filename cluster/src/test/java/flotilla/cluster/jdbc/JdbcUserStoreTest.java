package flotilla.cluster.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.User;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcUserStoreTest {
    private static User full(String name) {
        return new User(
                name,
                "$argon2id$x",
                "/home/" + name,
                List.of(new PathRule("/", Set.of(Permission.READ, Permission.LIST)), new PathRule("/in", Set.of())),
                true,
                List.of("192.0.2.0/24", "2001:db8::/32"),
                3,
                1L << 40,
                2,
                3,
                4,
                5,
                Instant.ofEpochSecond(1_800_000_000, 123_456_000),
                false,
                User.TlsRequirement.CONTROL_AND_DATA,
                true,
                List.of("sha256:00ff", "CN=alice,O=Ä"));
    }

    @Test
    void anAccountIsKeptWhole(@TempDir Path directory) {
        try (JdbcUserStore store = JdbcUserStore.open(Database.embedded(directory))) {
            store.put(full("alice"));
            store.put(User.create("bob", "", "bob"));
        }
        try (JdbcUserStore store = JdbcUserStore.open(Database.embedded(directory))) {
            assertEquals(Optional.of(full("alice")), store.find("alice"));
            assertEquals(Optional.of(User.create("bob", "", "bob")), store.find("bob"));
            assertEquals(Optional.empty(), store.find("Alice"));
        }
    }

    @Test
    void anAccountIsReplacedAndRemoved(@TempDir Path directory) {
        try (JdbcUserStore store = JdbcUserStore.open(Database.embedded(directory))) {
            store.put(full("alice"));
            store.put(User.create("alice", "new", "/"));
            assertEquals(Optional.of(User.create("alice", "new", "/")), store.find("alice"));
            assertTrue(store.remove("alice"));
            assertFalse(store.remove("alice"));
            assertEquals(Optional.empty(), store.find("alice"));
        }
    }

    @Test
    void accountsAreListedByPage(@TempDir Path directory) {
        try (JdbcUserStore store = JdbcUserStore.open(Database.embedded(directory))) {
            for (int i = 9; i >= 0; i--) {
                store.put(full("user" + i));
            }
            assertEquals(List.of(full("user0"), full("user1")), store.list("", 2));
            assertEquals(List.of(full("user9")), store.list("user8", 5));
            assertEquals(List.of(), store.list("user9", 5));
        }
    }

    @Test
    void namesAreNeverPartOfTheSql(@TempDir Path directory) {
        try (JdbcUserStore store = JdbcUserStore.open(Database.embedded(directory))) {
            User odd = full("a'; DROP TABLE accounts; --");
            store.put(odd);
            assertEquals(Optional.of(odd), store.find(odd.name()));
        }
    }

    @Test
    void aDatabaseThatAnotherProcessHasOpenIsRefusedClearly(@TempDir Path directory)
            throws IOException, InterruptedException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.equals("open")) {
                line = lines.readLine();
            }
            assertEquals("open", line);
            assertThrows(DatabaseInUseException.class, () -> JdbcUserStore.open(Database.embedded(directory)));
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void aDatabaseThatCannotBeOpenedFailsWithoutItsUrl() {
        DatabaseException failure = assertThrows(
                DatabaseException.class,
                () -> JdbcUserStore.open(new Database("jdbc:h2:file:/proc/nowhere/x;PASSWORD=secret", 1, 1)));
        assertFalse(String.valueOf(failure.getMessage()).contains("secret"));
    }

    /** Holds the database open until it is killed. */
    static final class OtherProcess {
        private OtherProcess() {}

        public static void main(String[] arguments) throws IOException {
            try (JdbcUserStore store = JdbcUserStore.open(Database.embedded(Path.of(arguments[0])))) {
                System.out.println(store.list("", 1).isEmpty() ? "open" : "not empty");
                int unused = System.in.read();
            }
        }
    }
}
