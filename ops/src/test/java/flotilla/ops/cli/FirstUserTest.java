package flotilla.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.accounts.JdbcUserStore;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The conditions under which a server creates an account by itself. */
@Timeout(120)
class FirstUserTest {
    private static final String MADE = "first user: demo";
    private static final String NONE = "flotilla user add NAME";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void onlyTheStartThatMakesTheDatabaseMakesAnAccount() throws Exception {
        assertTrue(start().contains(MADE));
        Database database = Database.embedded(directory);
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl())) {
            connection.createStatement().execute("DROP ALL OBJECTS");
        }
        String again = start();
        assertFalse(again.contains(MADE), again);
        assertTrue(again.contains(NONE), again);
        try (JdbcUserStore store = JdbcUserStore.open(database)) {
            assertEquals(List.of(), store.list("", 1));
        }
    }

    @Test
    void aDatabaseThatOthersMayShareGetsNone() throws Exception {
        String said = start("flotilla.users.jdbc-url=jdbc:h2:file:" + directory.resolve("shared"));
        assertFalse(said.contains(MADE), said);
        assertTrue(said.contains(NONE), said);
    }

    /**
     * Starts a server that ends when it is ready.
     *
     * @return its output
     */
    private String start(String... more) throws Exception {
        int passive = Ports.free(4);
        List<String> settings = new ArrayList<>(List.of(
                "flotilla.data-dir=" + directory,
                "flotilla.listeners.explicit.port=" + Ports.free(1),
                "flotilla.listeners.implicit.port=0",
                "flotilla.passive.ports=" + passive + "-" + (passive + 3)));
        settings.addAll(List.of(more));
        Process process = ServerProcess.builder(settings, List.of("-Dflotilla.exit-when-ready=true"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assertTrue(said.contains("flotilla: ready"), said);
        return said;
    }
}
