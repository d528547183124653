package flotilla.cluster.hazelcast;

import static flotilla.cluster.hazelcast.TestNodes.eventually;
import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.cluster.ClusterLease;
import flotilla.cluster.ClusterNode;
import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.JoinException;
import flotilla.cluster.User;
import flotilla.cluster.accounts.Databases;
import flotilla.cluster.accounts.JdbcLease;
import flotilla.cluster.accounts.PostgresServer;
import flotilla.cluster.accounts.UserDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starts nodes that would form a second cluster on one PostgreSQL. */
@Tag("processes")
@Timeout(180)
class SecondClusterTest {
    private static @Nullable PostgresServer started;
    private static int databases;

    private final List<ClusterNode> nodes = new ArrayList<>();
    private String name = "";

    @BeforeAll
    static void startDatabase() throws Exception {
        Optional<Path> programs = PostgresServer.programs();
        assumeTrue(programs.isPresent(), "PostgreSQL is not installed (Debian: apt-get install postgresql)");
        started = PostgresServer.start(programs.get());
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        if (started != null) {
            started.close();
        }
    }

    private static PostgresServer server() {
        if (started == null) {
            throw new IllegalStateException("no server");
        }
        return started;
    }

    @BeforeEach
    void create() throws SQLException {
        name = "second" + databases++;
        sql("postgres", "CREATE DATABASE " + name);
    }

    @AfterEach
    void leave() {
        nodes.forEach(node -> get(node.leave()));
    }

    private void sql(String database, String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server().url(database));
                Statement work = connection.createStatement()) {
            work.execute(statement);
        }
    }

    private Database database() {
        return new Database(server().url(name), 4, 1_000);
    }

    private ClusterNode start(String node) {
        ClusterNode made = TestNodes.start(node, database());
        nodes.add(made);
        return made;
    }

    private Optional<ClusterLease> lease() {
        try (UserDatabase database = Databases.open(database())) {
            return new JdbcLease(server().url(name), () -> database).read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String agreed(ClusterNode node) {
        return get(node.agreements().find("cluster-id")).orElseThrow();
    }

    @Test
    void aSecondNodeByItselfIsToldOfTheFirstAndMayStartWhenThatHasLeft() {
        ClusterNode first = start("first");
        assertEquals(agreed(first), lease().orElseThrow().clusterId());
        CompletionException refused = assertThrows(CompletionException.class, () -> start("second"));
        String reason = String.valueOf(
                assertInstanceOf(JoinException.class, refused.getCause()).getMessage());
        assertTrue(reason.contains("first at " + TestNodes.seed(first)), reason);
        assertTrue(reason.contains("flotilla.cluster.seeds"), reason);
        assertTrue(reason.contains("the user database at 127.0.0.1:"), reason);
        assertEquals(agreed(first), lease().orElseThrow().clusterId());
        get(nodes.remove(0).leave());
        assertEquals(Optional.empty(), lease());
        ClusterNode second = start("second");
        assertEquals(agreed(second), lease().orElseThrow().clusterId());
    }

    @Test
    void ofTwoNodesThatStartAtOnceOneIsRefused() {
        List<CompletableFuture<ClusterNode>> starting = List.of(
                CompletableFuture.supplyAsync(() -> TestNodes.start("one", database())),
                CompletableFuture.supplyAsync(() -> TestNodes.start("two", database())));
        int refused = 0;
        for (CompletableFuture<ClusterNode> each : starting) {
            try {
                nodes.add(each.join());
            } catch (CompletionException e) {
                assertInstanceOf(JoinException.class, e.getCause());
                refused++;
            }
        }
        assertEquals(1, refused);
        assertEquals(agreed(nodes.get(0)), lease().orElseThrow().clusterId());
    }

    @Test
    void theRowOfAClusterThatHasDiedIsTakenOverAndOneThatIsGoneIsMadeAgain() throws SQLException {
        assertEquals(Optional.empty(), lease());
        sql(
                name,
                "INSERT INTO cluster_lease VALUES (1, 'dead', 'flotilla', 'node-1@10.0.0.1:7355', 5, CURRENT_TIMESTAMP)");
        ClusterNode node = start("heir");
        assertEquals(agreed(node), lease().orElseThrow().clusterId());
        sql(name, "DELETE FROM cluster_lease");
        eventually(() -> lease().map(ClusterLease::clusterId).equals(Optional.of(agreed(node))));
    }

    @Test
    void aClusterGoesOnWithoutItsDatabaseAndRenewsItsRowWhenThatIsBack() throws Exception {
        ClusterNode node = start("patient");
        get(node.users().put(User.create("alice", "", "/")));
        assertTrue(get(node.users().find("alice")).isPresent());
        long before = lease().orElseThrow().renewals();
        server().down();
        try {
            eventually(() -> !node.users().isUp());
            assertTrue(get(node.users().find("alice")).isPresent());
            assertTrue(get(node.uploadLocks().lock("/file", node.holder("s"))));
            assertTrue(node.isAgreed());
        } finally {
            server().up();
        }
        eventually(() -> node.users().isUp());
        eventually(() -> lease().orElseThrow().renewals() > before);
        assertEquals(agreed(node), lease().orElseThrow().clusterId());
        assertEquals(
                List.of("patient@" + TestNodes.seed(node)),
                lease().orElseThrow().members());
    }

    @Test
    void theRowSaysWhenItWasRenewedByTheDatabasesClock() throws SQLException {
        start("clock");
        try (Connection connection = DriverManager.getConnection(server().url(name));
                Statement work = connection.createStatement();
                ResultSet row = work.executeQuery(
                        "SELECT CURRENT_TIMESTAMP - renewed_at < INTERVAL '1 minute' FROM cluster_lease")) {
            assertTrue(row.next() && row.getBoolean(1));
        }
    }
}
