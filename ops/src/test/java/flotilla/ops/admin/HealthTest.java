package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The answers of one server to balancers and monitors, also while it drains. */
class HealthTest extends WithAdminApi {
    @Test
    @DisplayName(
            "a drained node is not ready, says why, takes no connections, lets its transfer go on; undrain brings it back, or says why it cannot")
    void drain() throws Exception {
        assertEquals(200, api.with("").call("GET", "/ready", "").status());
        assertEquals(200, api.with("").call("GET", "/live", "").status());
        Account account = server.newAccount();
        // It is larger than the socket buffers, so a download that nobody reads keeps the node from ending.
        Files.write(account.home().resolve("big"), new byte[64 << 20]);
        FtpDriver ftp = login(account);
        DataChannel data = ftp.transfer("RETR big");
        Command.Result drained = Command.run(server, "drain", "node-1");
        assertEquals(0, drained.exit(), drained.err());
        Api.Answer ready = api.with("").call("GET", "/ready", "");
        assertEquals(503, ready.status());
        assertTrue(ready.text().contains("draining"));
        Await.until("closed doors", () -> !isOpen(server.explicitPort()));
        assertTrue(Command.run(server, "nodes").out().contains("draining"));
        try (ServerSocket other = new ServerSocket(server.explicitPort(), 1, InetAddress.getLoopbackAddress())) {
            Command.Result refused = Command.run(server, "undrain", "node-1");
            assertEquals(1, refused.exit());
            assertTrue(refused.err().contains("node-1 cannot take work again"), refused.err());
            assertTrue(refused.err().contains(":" + other.getLocalPort()), refused.err());
        }
        Command.Result back = Command.run(server, "undrain", "node-1");
        assertEquals(0, back.exit(), back.err());
        Await.until("ready again", () -> api.call("GET", "/ready", "").status() == 200);
        Await.until("open doors", () -> isOpen(server.explicitPort()));
        assertEquals(64 << 20, data.readAll().length);
        ftp.reply().expect(226);
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read() == '2';
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    @DisplayName("a balancer may ask with HTTP/1.0 and no Host, as HAProxy does")
    void oldHttp() throws Exception {
        URI url = URI.create(api.url());
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream().write("GET /ready HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.0 200 ") || answer.startsWith("HTTP/1.1 200 "), answer);
        }
    }

    @Test
    @DisplayName("HEAD is answered as GET, without a body")
    void head() throws Exception {
        for (String path : List.of("/ready", "/live", "/metrics", "/api/v1/nodes")) {
            Api.Answer head = api.call("HEAD", path, "");
            assertEquals(200, head.status(), path);
            assertEquals("", head.text(), path);
        }
        assertEquals(401, api.with("").call("HEAD", "/api/v1/nodes", "").status());
        assertEquals(405, api.call("POST", "/ready", "").status());
    }

    @Test
    @DisplayName("metrics count logins, transfers, handshakes and data connections, and name nobody")
    void metrics() throws Exception {
        Account account = server.newAccount();
        double logins = api.metric("flotilla_logins_total{result=\"ok\"}");
        double served = api.metric("flotilla_data_connections_total{outcome=\"served\"}");
        double bytes = api.metric("flotilla_transfer_bytes_total{direction=\"upload\"}");
        FtpDriver ftp = login(account);
        ftp.store("STOR ten", "0123456789".getBytes(StandardCharsets.US_ASCII)).expect(226);
        assertEquals(logins + 1, api.metric("flotilla_logins_total{result=\"ok\"}"));
        assertEquals(served + 1, api.metric("flotilla_data_connections_total{outcome=\"served\"}"));
        assertEquals(bytes + 10, api.metric("flotilla_transfer_bytes_total{direction=\"upload\"}"));
        DataChannel running = ftp.transfer("STOR more").send("12345");
        Await.until(
                "bytes count while their transfer runs",
                () -> api.metric("flotilla_transfer_bytes_total{direction=\"upload\"}") == bytes + 15);
        running.finish();
        ftp.reply().expect(226);
        assertEquals(bytes + 15, api.metric("flotilla_transfer_bytes_total{direction=\"upload\"}"));
        assertEquals(1, api.metric("flotilla_sessions"));
        assertEquals(1, api.metric("flotilla_limit_held{limit=\"max-sessions\"}"));
        assertEquals(1, api.metric("flotilla_cluster_members"));
        assertNotEquals(
                0,
                api.metric(
                        "flotilla_tls_handshakes_total{connection=\"control\",resumed=\"false\",version=\"TLSv1.3\"}"));
        String all = api.call("GET", "/metrics", "").text();
        assertFalse(all.contains(account.name()) || all.contains("127.0.0.1"));
        JsonNode limits = api.get("limits").json();
        assertEquals(1, limits.path("total").path("held").asInt());
        assertEquals(account.name(), limits.path("users").get(0).path("name").asText());
        assertEquals(1, limits.path("addresses").get(0).path("held").asInt());
        int port = ftp.epsvPort();
        JsonNode lease = api.get("leases").json().path("leases").get(0);
        assertEquals(port, lease.path("port").asInt());
        assertEquals("127.0.0.1", lease.path("address").asText());
    }

    @Test
    @DisplayName("a balancer's probe is no client and no error, on any port")
    void probes() throws Exception {
        double accepted = api.metric("flotilla_connections_total{outcome=\"accepted\"}");
        double probes = api.metric("flotilla_connections_total{outcome=\"probe\"}");
        double strays = api.metric("flotilla_data_connections_total{outcome=\"no-lease\"}");
        double dataProbes = api.metric("flotilla_data_connections_total{outcome=\"probe\"}");
        String logBefore = server.nativeLog();
        String errorsBefore = server.errors();
        for (int i = 0; i < 5; i++) {
            for (int port : new int[] {server.explicitPort(), server.implicitPort(), server.firstPassivePort()}) {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
            }
        }
        Await.until(
                "ten probes of control ports",
                () -> api.metric("flotilla_connections_total{outcome=\"probe\"}") == probes + 10);
        Await.until("five probes of data ports", () -> {
            double seen = api.metric("flotilla_data_connections_total{outcome=\"probe\"}") - dataProbes;
            return seen + api.metric("flotilla_data_connections_total{outcome=\"no-lease\"}") - strays == 5;
        });
        assertEquals(accepted, api.metric("flotilla_connections_total{outcome=\"accepted\"}"));
        assertEquals(0, api.metric("flotilla_limited_total{limit=\"handshake\"}"));
        assertEquals(logBefore, server.nativeLog());
        assertEquals(errorsBefore, server.errors());
    }
}
