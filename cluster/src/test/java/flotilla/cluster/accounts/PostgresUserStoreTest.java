package flotilla.cluster.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.cluster.ClusterLease;
import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.User;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the contract on PostgreSQL, on a server that the test starts. */
@Tag("processes")
@Timeout(120)
class PostgresUserStoreTest extends UserStoreContract {
    private static @Nullable PostgresServer server;
    private static int databases;
    private String name = "";

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Optional<Path> programs = PostgresServer.programs();
        assumeTrue(programs.isPresent(), "PostgreSQL is not installed (Debian: apt-get install postgresql)");
        server = PostgresServer.start(programs.get());
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static PostgresServer server() {
        if (server == null) {
            throw new IllegalStateException("no server");
        }
        return server;
    }

    @BeforeEach
    void makeDatabase() throws SQLException {
        name = "accounts" + databases++;
        try (Connection connection = DriverManager.getConnection(server().url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
    }

    @Override
    Database database() {
        return new Database(server().url(name), 4, 100);
    }

    @Test
    void nodesThatStartTogetherMakeTheSchemaOnce() {
        List<CompletableFuture<JdbcUserStore>> starting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            starting.add(CompletableFuture.supplyAsync(() -> JdbcUserStore.open(database())));
        }
        for (CompletableFuture<JdbcUserStore> each : starting) {
            each.join().put(full("alice"));
        }
        for (CompletableFuture<JdbcUserStore> each : starting) {
            assertEquals(Optional.of(full("alice")), each.join().find("alice"));
            each.join().close();
        }
    }

    @Test
    void writersOfTheSameNewAccountDoNotDisturbEachOther() {
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                writers.add(CompletableFuture.runAsync(() -> store.put(full("alice"))));
            }
            writers.forEach(CompletableFuture::join);
            assertEquals(Optional.of(full("alice")), store.find("alice"));
        }
    }

    @Test
    void aStoreOutlivesARestartOfItsDatabase() throws IOException, InterruptedException {
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            store.put(full("alice"));
            server().down();
            try {
                assertThrows(DatabaseException.class, () -> store.find("alice"));
            } finally {
                server().up();
            }
            awaitAnswer(store);
            assertEquals(Optional.of(full("alice")), store.find("alice"));
            store.put(User.create("bob", "", "bob"));
            assertTrue(store.find("bob").isPresent());
        }
    }

    /**
     * An older release runs Flyway with its first file only. During an upgrade, nodes of both releases use the
     * database.
     */
    @Test
    void anOlderReleaseWorksOnANewerSchemaAndANewerOneOnAnOlder(@TempDir Path older) throws Exception {
        try (InputStream first =
                Objects.requireNonNull(JdbcUserStore.class.getResourceAsStream("/db/migration/V1__accounts.sql"))) {
            Files.copy(first, older.resolve("V1__accounts.sql"));
        }
        migrateAsBefore(older);
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            store.put(full("alice"));
            migrateAsBefore(older);
            assertEquals(Optional.of(full("alice")), store.find("alice"));
        }
    }

    private void migrateAsBefore(Path files) {
        Flyway.configure()
                .dataSource(server().url(name), null, null)
                .locations("filesystem:" + files)
                .load()
                .migrate();
    }

    @Test
    void ofManyThatTakeTheLeaseOneDoes() throws IOException {
        try (UserDatabase opened = Databases.open(database())) {
            JdbcLease lease = new JdbcLease(server().url(name), () -> opened);
            assertEquals(1, winners(lease, Optional.empty()));
            Optional<ClusterLease> first = lease.read();
            assertEquals(1, winners(lease, first));
            assertFalse(lease.remove(first.orElseThrow()), "it has another holder now");
            assertTrue(lease.remove(lease.read().orElseThrow()));
            assertEquals(Optional.empty(), lease.read());
        }
    }

    private static long winners(JdbcLease lease, Optional<ClusterLease> seen) {
        List<CompletableFuture<Boolean>> takers = new ArrayList<>();
        long renewals = seen.map(ClusterLease::renewals).orElse(0L) + 1;
        for (int i = 0; i < 4; i++) {
            ClusterLease mine = new ClusterLease("id-" + i, "home", List.of("node@10.0.0.1:7355"), renewals);
            takers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return lease.replace(seen, mine);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        return takers.stream().filter(CompletableFuture::join).count();
    }

    /** Waits until the store has found out that the database is back. Until then it refuses all questions. */
    private static void awaitAnswer(JdbcUserStore store) {
        while (!store.isUp()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aWrongAddressFailsWithoutTheUrl() {
        DatabaseException failure = assertThrows(
                DatabaseException.class,
                () -> JdbcUserStore.open(
                        new Database("jdbc:postgresql://127.0.0.1:1/x?user=flotilla&password=secret", 1, 1)));
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertFalse(String.valueOf(cause.getMessage()).contains("secret"), cause::toString);
        }
    }
}
