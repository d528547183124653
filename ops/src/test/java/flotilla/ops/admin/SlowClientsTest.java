package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send half of a request, or many requests at once. */
@Timeout(120)
class SlowClientsTest {
    private static final int MORE_THAN_MAX = 80;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private static Socket client(Api api, String text) throws IOException {
        URI url = URI.create(api.url());
        Socket socket = new Socket(url.getHost(), url.getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String rest(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (SocketException reset) {
            return "";
        }
    }

    @Test
    @DisplayName(
            "while more clients than there are connections send half of a request, /ready answers; they are closed in time")
    void halfRequests() throws Exception {
        try (ServerProcess server = ServerProcess.start("flotilla.admin.receive-timeout=3s")) {
            Api api = Api.local(server);
            List<Socket> clients = new ArrayList<>();
            try {
                for (int i = 0; i < MORE_THAN_MAX; i++) {
                    clients.add(client(
                            api,
                            i < MORE_THAN_MAX - 10
                                    ? "GET /ready HTTP/1.1\r\nHost: x\r\n"
                                    : "POST /api/v1/bans HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"));
                }
                assertEquals(200, api.with("").call("GET", "/ready", "").status());
                assertEquals(200, api.get("sessions").status());
                for (Socket client : clients) {
                    String answer = rest(client);
                    assertTrue(answer.isEmpty() || answer.contains(" 408 "), answer);
                }
            } finally {
                for (Socket client : clients) {
                    client.close();
                }
            }
            assertEquals(200, api.with("").call("GET", "/live", "").status());
        }
    }

    @Test
    @DisplayName("over TLS, clients that never begin their handshake keep nobody out, either")
    void halfHandshakes() throws Exception {
        Path certificate = directory.resolve("admin.pem");
        assertEquals(
                0,
                Command.run("cert", "new", "--ip", "127.0.0.1", certificate.toString())
                        .exit());
        try (ServerProcess server = ServerProcess.start(
                "flotilla.admin.tls.certificate=" + certificate,
                "flotilla.admin.receive-timeout=3s",
                "flotilla.admin.max-connections=4",
                "flotilla.admin.health-connections=1")) {
            Api api = Api.local(server);
            List<Socket> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 12; i++) {
                    clients.add(client(api, ""));
                }
                Command.Result nodes = Command.run(server, "nodes");
                assertEquals(0, nodes.exit(), nodes.err());
                for (Socket client : clients) {
                    assertEquals("", rest(client));
                }
            } finally {
                for (Socket client : clients) {
                    client.close();
                }
            }
        }
    }
}
