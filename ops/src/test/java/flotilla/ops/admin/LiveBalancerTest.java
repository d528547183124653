package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.NodeCertificate;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The configuration for a balancer of a running cluster names its nodes, and those of their addresses that clients may
 * dial.
 */
@Timeout(180)
class LiveBalancerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path shared;

    private final List<String> certificate = new ArrayList<>();

    private ServerProcess server(int number, int ports, String roles) throws Exception {
        String cluster = "127.0.0." + number;
        List<String> settings = new ArrayList<>(List.of(
                "flotilla.node.name=node-" + number,
                "flotilla.node.roles=" + roles,
                "flotilla.listeners.bind=127.0.1." + number,
                "flotilla.cluster.bind=" + cluster,
                "flotilla.cluster.port=" + ports,
                "flotilla.cluster.hazelcast-port=" + (ports + 1),
                "flotilla.cluster.seeds=127.0.0.1:" + ports,
                "flotilla.admin.bind=127.0.1." + number,
                "flotilla.admin.port=" + (ports + 2),
                "flotilla.passive.ports=" + (ports + 3) + "-" + (ports + 5),
                "flotilla.storage.root=" + shared.resolve("files"),
                "flotilla.users.jdbc-url=jdbc:h2:file:" + shared.resolve("users") + ";AUTO_SERVER=TRUE"));
        settings.addAll(certificate());
        return ServerProcess.start(settings.toArray(String[]::new));
    }

    /** Returns the settings of one certificate for both nodes. */
    private List<String> certificate() throws Exception {
        if (certificate.isEmpty()) {
            certificate.addAll(NodeCertificate.settings(shared));
        }
        return certificate;
    }

    private static String printed(ServerProcess server, String... arguments) {
        Command.Result result = Command.run(server, arguments);
        assertEquals(0, result.exit(), result.err());
        return result.out();
    }

    @Test
    @DisplayName("edges at the address of their listeners; a worker, which has none, is not named")
    void edgesWhereTheyListen() throws Exception {
        int ports = Ports.free(6);
        try (ServerProcess edge = server(1, ports, "edge,worker");
                ServerProcess worker = server(2, ports, "worker")) {
            Api api = Api.local(edge);
            Await.until("two nodes", () -> api.get("nodes").json().path("nodes").size() == 2);
            assertTrue(worker.isAlive());
            String haproxy = printed(
                    edge,
                    "haproxy",
                    "--set",
                    "flotilla.admin.port=" + (ports + 2),
                    "--set",
                    "flotilla.admin.bind=127.0.1.1");
            assertTrue(haproxy.contains("server node-1 127.0.1.1 check port " + (ports + 2)), haproxy);
            assertFalse(haproxy.contains("node-2"), haproxy);
            String nftables = printed(edge, "nftables", "--vip", "192.0.2.1");
            assertTrue(nftables.contains("127.0.1.1"), nftables);
            assertFalse(nftables.contains("127.0.1.2") || nftables.contains("127.0.0."), nftables);
        }
    }
}
