package flotilla.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.NodeCertificate;
import flotilla.ops.e2e.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes whose seeds are the changing addresses of a DNS name. The nodes' resolver reads a file of the test. */
@SuppressWarnings("NullAway.Init") // set before each
class FormingByNameTest {
    private static final String NAME = "first.flotilla.test";

    private final List<NodeProcess> all = new ArrayList<>();
    private final int port = Ports.free(2);
    private final int listeners = Ports.free(4);

    @TempDir
    private Path directory;

    private Path hosts;
    private List<String> certificate;
    private Server database;

    @BeforeEach
    void start() throws Exception {
        hosts = Files.createFile(directory.resolve("hosts"));
        Files.createDirectory(directory.resolve("storage"));
        certificate = NodeCertificate.settings(directory);
        database = Server.createTcpServer(
                        "-tcpPort", String.valueOf(Ports.free(1)), "-ifNotExists", "-baseDir", directory.toString())
                .start();
    }

    @AfterEach
    void stop() {
        all.forEach(NodeProcess::close);
        database.stop();
    }

    private NodeProcess node(int number) throws Exception {
        String host = "127.0.0." + number;
        List<String> settings = new ArrayList<>(List.of(
                "flotilla.cluster.bind=" + host,
                "flotilla.cluster.port=" + port,
                "flotilla.cluster.hazelcast-port=" + (port + 1),
                "flotilla.cluster.seeds-dns=" + NAME + ":" + port,
                "flotilla.cluster.seeds-at-least=2",
                "flotilla.cluster.seeds-interval=500ms",
                "flotilla.cluster.join-timeout=90s",
                "flotilla.listeners.bind=" + host,
                "flotilla.listeners.explicit.port=" + listeners,
                "flotilla.listeners.implicit.port=0",
                "flotilla.passive.ports=" + (listeners + 1) + "-" + (listeners + 3),
                "flotilla.users.jdbc-url=jdbc:h2:tcp://127.0.0.1:" + database.getPort() + "/./users",
                "flotilla.storage.root=" + directory.resolve("storage")));
        settings.addAll(certificate);
        NodeProcess node = NodeProcess.start(
                directory.resolve("run-" + number),
                "node-" + number,
                settings,
                List.of("-Djdk.net.hosts.file=" + hosts));
        all.add(node);
        return node;
    }

    /** Replaces the file in one step, so that no look-up reads half of it. */
    private void resolvesTo(int... numbers) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int number : numbers) {
            lines.append("127.0.0.").append(number).append(' ').append(NAME).append('\n');
        }
        Path next = Files.writeString(directory.resolve("hosts.new"), lines);
        Files.move(next, hosts, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void nodesWaitForTheNameForEnoughAddressesAndForThoseThatAreThere() throws Exception {
        NodeProcess seven = node(7);
        seven.awaitLog("the name is not known");
        resolvesTo(7);
        seven.awaitLog("fewer than seeds-at-least = 2");
        resolvesTo(6, 7);
        seven.awaitLog("which 127.0.0.6:" + port + " forms when there is none");
        NodeProcess eight = node(8);
        eight.awaitLog("which 127.0.0.6:" + port + " forms when there is none");
        assertFalse(seven.isReady());
        resolvesTo(7, 8);
        for (NodeProcess node : List.of(seven, eight)) {
            node.awaitLog("the first nodes have changed, starting over");
            node.awaitReady();
            node.awaitMembers(2);
        }
        resolvesTo(8);
        NodeProcess nine = node(9);
        nine.awaitLog("fewer than seeds-at-least = 2");
        resolvesTo(8, 9);
        nine.awaitReady();
        nine.awaitMembers(3);
        assertTrue(seven.isReady());
    }
}
