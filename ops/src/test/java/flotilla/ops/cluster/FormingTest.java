package flotilla.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.cli.FlotillaCommand;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Nodes on 127.0.0.1 and following, with TLS and a key, form one cluster and admit no other process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before all
class FormingTest {
    private static final int EXPELLED = 4;
    private static final int NOT_JOINED = 5;

    private Path directory;

    private final List<NodeProcess> all = new ArrayList<>();
    private final int port = Ports.free(3);
    private final int listeners = Ports.free(4);
    private Path storage;
    private Server database;
    private NodeProcess one;
    private NodeProcess two;
    private NodeProcess three;

    @BeforeAll
    void startAtOnce(@TempDir Path temporary) throws Exception {
        directory = temporary;
        storage = Files.createDirectory(directory.resolve("storage"));
        for (String authority : List.of("ca", "other-ca")) {
            Path target = directory.resolve(authority);
            flotilla("cert", "cluster-ca", target.toString());
            flotilla("cert", "node", "--ca", target.toString(), "--ip", "127.0.0.1", "node");
        }
        flotilla("cert", "cluster-key", directory.resolve("key").toString());
        flotilla("cert", "cluster-key", directory.resolve("other-key").toString());
        database = Server.createTcpServer(
                        "-tcpPort", String.valueOf(Ports.free(1)), "-ifNotExists", "-baseDir", directory.toString())
                .start();
        two = node("two", 2);
        three = node("three", 3);
        one = node("one", 1);
    }

    @AfterAll
    void stop() {
        all.forEach(NodeProcess::close);
        database.stop();
    }

    private static void flotilla(String... arguments) {
        assertEquals(0, FlotillaCommand.run(arguments));
    }

    /**
     * Starts a node on 127.0.0.{@code number}.
     *
     * @param changes settings that differ from the other nodes'
     */
    private NodeProcess node(String name, int number, String... changes) throws Exception {
        String host = "127.0.0." + number;
        List<String> settings = new ArrayList<>(List.of(
                "flotilla.cluster.bind=" + host,
                "flotilla.cluster.port=" + port,
                "flotilla.cluster.hazelcast-port=" + (port + 1),
                "flotilla.cluster.seeds=127.0.0.3:" + port + ",127.0.0.1:" + port + ",127.0.0.2:" + port,
                "flotilla.cluster.join-timeout=90s",
                "flotilla.cluster.tls.ca=" + directory.resolve("ca/cluster-ca.pem"),
                "flotilla.cluster.tls.certificate=" + directory.resolve("ca/node.pem"),
                "flotilla.cluster.tls.private-key=" + directory.resolve("ca/node.key"),
                "flotilla.cluster.key-file=" + directory.resolve("key"),
                "flotilla.tls.certificate=" + directory.resolve("ca/node.pem"),
                "flotilla.tls.private-key=" + directory.resolve("ca/node.key"),
                "flotilla.listeners.bind=" + host,
                "flotilla.listeners.explicit.port=" + listeners,
                "flotilla.listeners.implicit.port=0",
                "flotilla.passive.ports=" + (listeners + 1) + "-" + (listeners + 3),
                "flotilla.users.jdbc-url=jdbc:h2:tcp://127.0.0.1:" + database.getPort() + "/./users",
                "flotilla.storage.root=" + storage));
        settings.addAll(List.of(changes)); // the last one wins
        NodeProcess node = NodeProcess.start(directory.resolve("run-" + all.size()), name, settings);
        all.add(node);
        return node;
    }

    @Test
    @Order(1)
    void nodesThatStartAtTheSameInstantFormOneCluster() throws Exception {
        for (NodeProcess node : List.of(one, two, three)) {
            node.awaitReady();
            node.awaitMembers(3);
            assertFalse(node.reason().isPresent());
        }
        assertTrue(two.logged().contains("which 127.0.0.1:" + port + " forms when there is none"));
    }

    @Test
    @Order(2)
    void aNodeOfAnotherAuthorityIsRefusedAndBothSidesSayWhy() throws Exception {
        NodeProcess stranger = node(
                "stranger",
                4,
                "flotilla.cluster.join-timeout=8s",
                "flotilla.cluster.tls.ca=" + directory.resolve("other-ca/cluster-ca.pem"),
                "flotilla.cluster.tls.certificate=" + directory.resolve("other-ca/node.pem"),
                "flotilla.cluster.tls.private-key=" + directory.resolve("other-ca/node.key"));
        assertEquals(NOT_JOINED, stranger.awaitExit(60), stranger::logged);
        assertTrue(stranger.logged().contains("is not one of this node's authority"), stranger.logged());
        Await.until("a node of the cluster says why", () -> List.of(one, two, three).stream()
                .anyMatch(node -> node.logged().contains("another authority")));
        assertFalse(stranger.isReady());
    }

    @Test
    @Order(2)
    void aNodeWithAnotherKeyIsRefusedAndBothSidesSayWhy() throws Exception {
        NodeProcess stranger = node("stranger", 4, "flotilla.cluster.key-file=" + directory.resolve("other-key"));
        assertEquals(NOT_JOINED, stranger.awaitExit(60), stranger::logged);
        assertTrue(stranger.logged().contains("key-file"), stranger.logged());
        assertTrue(
                List.of(one, two, three).stream().anyMatch(node -> node.logged().contains("key-file")), one::logged);
    }

    @Test
    @Order(2)
    void aFirstNodeFormsNoClusterWhileAnotherFirstNodeIsThereAndSilent() throws Exception {
        NodeProcess first;
        try (ServerSocket silent = new ServerSocket(port, 5, InetAddress.getByName("127.0.0.7"))) {
            first = node(
                    "first",
                    6,
                    "flotilla.cluster.seeds=127.0.0.6:" + port + ",127.0.0.7:" + port,
                    "flotilla.cluster.first-patience=1s",
                    "flotilla.storage.root=" + Files.createDirectory(directory.resolve("other-storage")),
                    "flotilla.users.jdbc-url=jdbc:h2:tcp://127.0.0.1:" + database.getPort() + "/./other-users");
            first.awaitLog("still not a member");
            assertTrue(
                    first.logged().contains("the other first nodes are {127.0.0.7:" + port + "=SILENT}"),
                    first.logged());
            assertFalse(first.isReady());
            assertTrue(silent.isBound());
        }
        first.awaitReady();
        assertTrue(first.logged().contains("none of the others is in a cluster: this node forms one"));
        first.close();
    }

    @Test
    @Order(2)
    void aNodeWithoutTheMountTakesNobodyUntilItIsThere() throws Exception {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        NodeProcess late = node("late", 4, "flotilla.storage.root=" + mount);
        late.awaitLog("does not hold the marker");
        late.awaitMembers(4);
        assertTrue(Await.present("a reason", late::reason).contains("mount"));
        assertFalse(late.isReady());
        Files.delete(mount);
        Files.createSymbolicLink(mount, storage);
        late.awaitReady();
        assertEquals(List.of(), late.reason().stream().toList());
        assertTrue(greeting(4).startsWith("220 "));
        Files.delete(mount);
        Files.createDirectory(mount);
        Await.until("clients are refused", () -> greeting(4).startsWith("421 The storage is not available"));
        assertTrue(Await.present("a reason", late::reason).contains("mount"));
        Files.delete(mount);
        Files.createSymbolicLink(mount, storage);
        Await.until("clients are taken again", () -> greeting(4).startsWith("220 "));
        late.signal("TERM");
        assertEquals(143, late.awaitExit(30));
        one.awaitMembers(3);
    }

    /** Returns the greeting of the node on 127.0.0.{@code number}. */
    private String greeting(int number) throws IOException {
        try (Socket client = new Socket("127.0.0." + number, listeners);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
            return String.valueOf(lines.readLine());
        }
    }

    @Test
    @Order(3)
    void aNodeThatHungEndsWhenItWakesUpAfterTheOthersWentOnWhateverItTransfers() throws Exception {
        Process upload = startUpload();
        Await.until("an upload is running", () -> three.status().contains("\"transfers\":1,"));
        three.signal("STOP");
        one.awaitMembers(2);
        two.awaitMembers(2);
        three.signal("CONT");
        assertEquals(EXPELLED, three.awaitExit(10));
        assertTrue(three.logged().contains("removed from the cluster"), three.logged());
        upload.getOutputStream().close();
        assertNotEquals(0, upload.waitFor());
    }

    /** Starts an upload to the third node that lasts until its input is closed. */
    private Process startUpload() throws Exception {
        one.addUser("sender", "correct-horse");
        Process upload = new ProcessBuilder(
                        "curl",
                        "-sk",
                        "--ssl-reqd",
                        "--user",
                        "sender:correct-horse",
                        "-T",
                        "-",
                        "ftp://127.0.0.3:" + listeners + "/endless")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("curl").toFile())
                .start();
        upload.getOutputStream().write(new byte[1 << 20]);
        upload.getOutputStream().flush();
        return upload;
    }

    @Test
    @Order(4)
    void theFirstNodeComesBackToTheClusterInsteadOfFormingAnother() throws Exception {
        one.signal("KILL");
        one.awaitExit(10);
        one = node("one", 1);
        one.awaitReady();
        one.awaitMembers(2);
        two.awaitMembers(2);
    }

    @Test
    @Order(5)
    void aNodeThatIsNotTheFirstWaitsAndSaysForWhatAndGivesUp() throws Exception {
        NodeProcess alone = node(
                "alone",
                6,
                "flotilla.cluster.seeds=127.0.0.5:" + port + ",127.0.0.6:" + port,
                "flotilla.cluster.join-timeout=4s");
        assertEquals(NOT_JOINED, alone.awaitExit(30));
        assertTrue(alone.logged().contains("which 127.0.0.5:" + port + " forms when there is none"), alone.logged());
    }
}
