package flotilla.cluster.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import flotilla.cluster.ClusterSettings.Database;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the contract on the embedded database. */
class JdbcUserStoreTest extends UserStoreContract {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Override
    Database database() {
        return Database.embedded(directory);
    }

    @Test
    void aDatabaseThatAnotherProcessHasOpenIsRefusedClearly() throws IOException, InterruptedException {
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

    @Test
    void onlyItsOwnerCanReadADatabaseAlsoOneThatWasOpenToAll() throws IOException {
        Path file = directory.resolve("users.mv.db");
        JdbcUserStore.open(Database.embedded(directory)).close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        JdbcUserStore.open(Database.embedded(directory)).close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    /** Keeps the database open until the process is killed. */
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
