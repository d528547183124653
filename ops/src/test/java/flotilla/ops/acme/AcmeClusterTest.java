package flotilla.ops.acme;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.protection.ClusterKey;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.NodeCertificate;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One certificate for two nodes behind HAProxy. */
@Timeout(180)
class AcmeClusterTest {
    private static final String NAME = "ftp.example.org";
    private static final byte[] CONTENT = new byte[50_000];
    private static final int PASSIVE = 6;

    @TempDir
    Path shared;

    private final List<String> common = new ArrayList<>();
    private final int explicit = Ports.free(1);
    private final int implicit = Ports.free(1);
    private final int passive = Ports.free(PASSIVE);
    private final int cluster = Ports.free(2);

    @BeforeEach
    void share() throws Exception {
        ClusterKey.create(shared.resolve("cluster.key"));
        Files.createDirectories(shared.resolve("files/user1"));
        common.addAll(NodeCertificate.settings(shared));
        common.addAll(List.of(
                "flotilla.cluster.key-file=" + shared.resolve("cluster.key"),
                "flotilla.cluster.port=" + cluster,
                "flotilla.cluster.hazelcast-port=" + (cluster + 1),
                "flotilla.cluster.seeds=127.0.0.1:" + cluster,
                "flotilla.listeners.explicit.port=" + explicit,
                "flotilla.listeners.implicit.port=" + implicit,
                "flotilla.passive.ports=" + passive + "-" + (passive + PASSIVE - 1),
                "flotilla.storage.root=" + shared.resolve("files"),
                "flotilla.tls.data-session-reuse=require",
                "flotilla.users.jdbc-url=jdbc:h2:file:" + shared.resolve("users") + ";AUTO_SERVER=TRUE"));
    }

    private ServerProcess node(int number, List<String> more) {
        List<String> settings = new ArrayList<>(common);
        settings.addAll(List.of(
                "flotilla.node.name=node-" + number,
                "flotilla.cluster.bind=127.0.0." + number,
                "flotilla.listeners.bind=127.0.1." + number));
        settings.addAll(more);
        return ServerProcess.start(settings.toArray(String[]::new));
    }

    /** Every port of 127.0.0.1 leads to the nodes by turns. */
    private Process haproxy() throws Exception {
        String ports = "127.0.0.1:" + explicit + ",127.0.0.1:" + implicit + ",127.0.0.1:" + passive + "-"
                + (passive + PASSIVE - 1);
        Path config = Files.writeString(shared.resolve("haproxy.cfg"), """
                defaults
                    mode tcp
                    balance roundrobin
                    timeout connect 5s
                    timeout client 60s
                    timeout server 60s
                listen all
                    bind %s
                    default-server check port %d inter 100ms fall 1 rise 1
                    server one 127.0.1.1
                    server two 127.0.1.2
                """.formatted(ports, explicit));
        return new ProcessBuilder("haproxy", "-db", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(shared.resolve("haproxy.log").toFile())
                .start();
    }

    /** Waits until a node serves another certificate of the authority, and returns its serial number. */
    private BigInteger awaitServed(int node, Path root, BigInteger before) throws Exception {
        return Await.present("a new certificate of node " + node, () -> {
            try (Socket plain = new Socket("127.0.1." + node, implicit)) {
                BigInteger serial = serial(ClientTls.trusting(root).handshake(plain, implicit));
                return serial.equals(before) ? Optional.empty() : Optional.of(serial);
            } catch (SSLException notTrusted) {
                return Optional.empty();
            }
        });
    }

    private static BigInteger serial(SSLSocket socket) throws SSLException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }

    private static String serial(ServerProcess node) {
        Command.Result status = Command.run(node.dataDirectory(), "cert", "acme");
        return status.out()
                .lines()
                .filter(line -> line.startsWith("serial"))
                .map(line -> line.replaceFirst("serial *", ""))
                .findFirst()
                .orElseThrow();
    }

    private static void transfer(FtpDriver ftp, String name) throws Exception {
        ftp.store("STOR " + name, CONTENT).expect(226);
        assertArrayEquals(CONTENT, ftp.fetch("RETR " + name));
        ftp.listing("MLSD");
    }

    @Test
    @DisplayName(
            "Both nodes answer one order behind HAProxy, and sessions from before a renewal resume under require, though half of the nonces are refused")
    void renewal() throws Exception {
        Process balancer = haproxy();
        try (Pebble pebble = Pebble.start(
                        shared.resolve("pebble"),
                        implicit,
                        Ports.free(1),
                        Map.of("PEBBLE_WFE_NONCEREJECT", "50", "PEBBLE_AUTHZREUSE", "0"));
                ServerProcess one = node(1, pebble.settings(NAME));
                ServerProcess two = node(2, pebble.settings(NAME))) {
            Path root = pebble.root();
            BigInteger first = awaitServed(1, root, BigInteger.ZERO);
            assertEquals(first, awaitServed(2, root, BigInteger.ZERO));
            Account account = one.newAccount();
            try (FtpDriver old = FtpDriver.loggedIn(one, ClientTls.trusting(root, "TLSv1.2"), account);
                    FtpDriver old13 = FtpDriver.loggedIn(one, ClientTls.trusting(root, "TLSv1.3"), account)) {
                transfer(old, "a");
                transfer(old13, "b");
                two.flotilla("cert", "renew");
                BigInteger second = awaitServed(1, root, first);
                assertEquals(second, awaitServed(2, root, first));
                for (int i = 0; i < 4; i++) {
                    transfer(old, "a" + i);
                    transfer(old13, "b" + i);
                }
                for (ServerProcess node : List.of(one, two)) {
                    assertEquals(second.toString(16), serial(node));
                    try (FtpDriver fresh = FtpDriver.loggedIn(one, ClientTls.trusting(root), account)) {
                        assertEquals(second, serial(fresh.tls()));
                        transfer(fresh, "c");
                    }
                }
            }
            for (ServerProcess node : List.of(one, two)) {
                assertTrue(node.errors().contains("was shown the answer to a challenge"), node::errors);
                assertFalse(node.errors().contains("PRIVATE KEY"), "a key is in the log");
            }
        } finally {
            balancer.destroyForcibly().waitFor();
        }
    }
}
