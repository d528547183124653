package flotilla.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.NodeCertificate;
import flotilla.ops.e2e.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node with a wrong list of seeds, or none, does not form a second cluster on the database and the storage of the
 * first.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before all
class SecondClusterTest {
    private static final int NOT_JOINED = 5;
    private static final int OTHER_PARTITIONS = 73;
    private static final String WATCHED = "is marked by the cluster";

    private final List<NodeProcess> all = new ArrayList<>();
    private final int port = Ports.free(2);
    private final int listeners = Ports.free(4);
    private final int databasePort = Ports.free(1);
    private Path directory;
    private Path storage;
    private Server database;
    private List<String> certificate;
    private NodeProcess one;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        storage = Files.createDirectory(directory.resolve("storage"));
        certificate = NodeCertificate.settings(directory);
        startDatabase();
        one = node("one", 1);
        one.awaitReady();
    }

    @AfterAll
    void stop() {
        all.forEach(NodeProcess::close);
        database.stop();
    }

    private void startDatabase() throws SQLException {
        database = Server.createTcpServer(
                        "-tcpPort",
                        String.valueOf(databasePort),
                        "-tcpPassword",
                        "test",
                        "-ifNotExists",
                        "-baseDir",
                        directory.toString())
                .start();
    }

    private String url(String name) {
        return "flotilla.users.jdbc-url=jdbc:h2:tcp://127.0.0.1:" + databasePort + "/./" + name;
    }

    /**
     * Starts a node on 127.0.0.{@code number} whose only seed is itself.
     *
     * @param changes settings that differ from those of the first node
     */
    private NodeProcess node(String name, int number, String... changes) throws Exception {
        String host = "127.0.0." + number;
        List<String> settings = new ArrayList<>(List.of(
                "flotilla.cluster.name=home",
                "flotilla.cluster.bind=" + host,
                "flotilla.cluster.port=" + port,
                "flotilla.cluster.hazelcast-port=" + (port + 1),
                "flotilla.cluster.seeds=" + host + ":" + port,
                "flotilla.cluster.join-timeout=90s",
                "flotilla.cluster.lease.renew=1s",
                "flotilla.cluster.lease.wait=6s",
                "flotilla.listeners.bind=" + host,
                "flotilla.listeners.explicit.port=" + listeners,
                "flotilla.listeners.implicit.port=0",
                "flotilla.passive.ports=" + (listeners + 1) + "-" + (listeners + 3),
                url("users"),
                "flotilla.storage.root=" + storage));
        settings.addAll(certificate);
        settings.addAll(List.of(changes)); // the last one wins
        NodeProcess node = NodeProcess.start(directory.resolve(name), name, settings);
        all.add(node);
        return node;
    }

    private void assertRefused(NodeProcess stranger, String... parts) throws Exception {
        assertEquals(NOT_JOINED, stranger.awaitExit(60), stranger::logged);
        String last = stranger.logged()
                .lines()
                .filter(line -> line.startsWith("flotilla: "))
                .reduce("", (before, line) -> line);
        for (String part : parts) {
            assertTrue(last.contains(part), part + " is missing in: " + last);
        }
        assertTrue(last.contains("home (id "), last);
        assertTrue(last.contains("one at 127.0.0.1:" + port), last);
        assertTrue(one.isAlive());
    }

    /** Returns the greeting of the first node. */
    private String greeting() throws IOException {
        try (Socket client = new Socket("127.0.0.1", listeners);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
            return String.valueOf(lines.readLine());
        }
    }

    @Test
    @Order(1)
    void aWrongSeedListIsRefusedForTheDatabaseAlone() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other-storage"));
        assertRefused(
                node("two", 2, "flotilla.storage.root=" + other),
                "another cluster uses the user database at 127.0.0.1:" + databasePort,
                "None of flotilla.cluster.seeds [127.0.0.2:" + port + "] is in it",
                "let flotilla.cluster.seeds name nodes of that cluster");
    }

    @Test
    @Order(1)
    void aNodeByItselfIsRefusedForTheStorageAloneAndToldHowToFormACluster() throws Exception {
        assertRefused(
                node("three", 3, "flotilla.cluster.seeds=[]", "flotilla.users.jdbc-url="),
                "another cluster uses the storage in " + storage,
                "give all nodes the same seeds to make them one cluster");
    }

    private static String last(NodeProcess node) {
        return node.logged()
                .lines()
                .filter(line -> line.startsWith("flotilla: "))
                .reduce("", (before, line) -> line);
    }

    @Test
    @Order(1)
    void aNodeOfOtherSettingsIsNotToldToSwitchOffTheCheck() throws Exception {
        NodeProcess other = node(
                "partitions",
                9,
                "flotilla.cluster.seeds=127.0.0.1:" + port,
                "flotilla.cluster.partitions=" + OTHER_PARTITIONS);
        assertEquals(NOT_JOINED, other.awaitExit(60), other::logged);
        assertTrue(last(other).contains("another flotilla.cluster.partitions"), last(other));
        assertFalse(other.logged().contains("enforce-on-join"), other.logged());
        one.awaitLog("the cluster has flotilla.cluster.partitions = ");
    }

    @Test
    @Order(1)
    void aNodeThatIsNotTakenTellsOfEachSeedWhatItDoes() throws Exception {
        List<String> changes =
                new ArrayList<>(NodeCertificate.settings(Files.createDirectory(directory.resolve("ca2"))));
        changes.add("flotilla.cluster.seeds=127.0.0.1:" + port + ",127.0.0.12:" + port);
        changes.add("flotilla.cluster.join-timeout=12s");
        NodeProcess other = node("authority", 10, changes.toArray(String[]::new));
        assertEquals(NOT_JOINED, other.awaitExit(90), other::logged);
        assertTrue(
                last(other).contains("127.0.0.1:" + port + " accepts connections but does not answer: it has another"),
                last(other));
        assertTrue(
                last(other).contains("127.0.0.12:" + port + " refuses connections: no node runs there"), last(other));
        assertFalse(other.logged().contains("Couldn't join seed nodes"), other.logged());
    }

    @Test
    @Order(2)
    void aClusterGoesOnWithoutItsDatabaseAndIsStillKnownByItsStorage() throws Exception {
        database.stop();
        one.awaitLog("does not answer");
        assertTrue(greeting().startsWith("220 "), "it still takes clients");
        assertRefused(
                node("four", 4, "flotilla.cluster.seeds=[]", "flotilla.users.jdbc-url="), "the storage in " + storage);
        startDatabase();
        one.awaitLog("answers again");
        assertRefused(node("five", 5), "another cluster uses ");
    }

    @Test
    @Order(3)
    void afterTheDeathOfAllAnotherFirstNodeTakesOver() throws Exception {
        one.signal("KILL");
        one.awaitExit(10);
        one = node("heir", 6);
        one.awaitReady();
        assertTrue(one.logged().contains(WATCHED), one.logged());
        assertTrue(one.logged().contains("it is this cluster's now"), one.logged());
    }

    @Test
    @Order(4)
    void afterAStopInOrderNobodyWaits() throws Exception {
        one.signal("TERM");
        assertEquals(143, one.awaitExit(60));
        one = node("next", 7);
        one.awaitReady();
        assertFalse(one.logged().contains(WATCHED), one.logged());
    }

    @Test
    @Order(5)
    void aNodeByItselfKnowsItsOwnMarksAfterItsDeath() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home-storage"));
        String[] settings = {
            "flotilla.cluster.seeds=[]", "flotilla.users.jdbc-url=", "flotilla.storage.root=" + home,
        };
        NodeProcess first = node("single", 8, settings);
        first.awaitReady();
        assertTrue(Files.exists(home.resolve(".flotilla-storage.lease")));
        first.signal("KILL");
        first.awaitExit(10);
        NodeProcess second = node("single", 8, settings);
        second.awaitReady();
        assertFalse(second.logged().contains(WATCHED), second.logged());
    }
}
