package flotilla.ops.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.User;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The door of the command line on a running server. */
@Timeout(120)
class LocalControlTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static ServerProcess server;

    @BeforeAll
    static void start() {
        server = ServerProcess.start("flotilla.admin.receive-timeout=2s");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static int port() throws IOException {
        return Integer.parseInt(
                LocalControl.describe(LocalControl.file(server.dataDirectory())).get(0));
    }

    private static HttpResponse<String> put(String body) throws Exception {
        String token =
                LocalControl.describe(LocalControl.file(server.dataDirectory())).get(1);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/users/put"))
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String account() {
        return UserJson.write(List.of(User.create("made", "", "made")));
    }

    @Test
    @DisplayName("an account is exactly the JSON that is expected; nothing is read from files")
    void onlyJson() throws Exception {
        Path elsewhere = Files.writeString(directory.resolve("elsewhere.conf"), account());
        HttpResponse<String> included = put("include file(\"" + elsewhere + "\")");
        assertEquals(400, included.statusCode());
        assertEquals("the body is not JSON", included.body());
        assertEquals(1, Command.run(server, "user", "disable", "made").exit());

        assertRefused("unknown key colour", account().replace("\"admin\"", "\"colour\":1,\"admin\""));
        assertRefused("enabled must be true or false", account().replace("\"enabled\":true", "\"enabled\":\"yes\""));
        assertRefused("home is missing", account().replace("\"home\":\"made\",", ""));
        assertRefused("name must be a text", account().replace("\"name\":\"made\"", "\"name\":7"));
        assertRefused(
                "maxSessions must be a whole number between 0 and 2147483647",
                account().replace("\"maxSessions\":0", "\"maxSessions\":2147483648"));
        assertRefused("the body is not JSON", account() + "{}");

        assertEquals(200, put(account()).statusCode());
        assertEquals(0, Command.run(server, "user", "remove", "made").exit());
    }

    private static void assertRefused(String sentence, String body) throws Exception {
        HttpResponse<String> answer = put(body);
        assertEquals(sentence, answer.body());
        assertEquals(400, answer.statusCode());
    }

    @Test
    @DisplayName("a body that is too large is refused, not cut")
    void tooLarge() throws Exception {
        HttpResponse<String> answer = put(account() + " ".repeat(1 << 20));
        assertEquals(413, answer.statusCode());
        assertEquals("the body is larger than 1048576 bytes", answer.body());
    }

    @Test
    @DisplayName("what fails unexpectedly is a sentence here and a trace in the log")
    void failure() throws Exception {
        HttpResponse<String> answer =
                put(account().replace("\"name\":\"made\"", "\"name\":\"" + "x".repeat(2_000) + "\""));
        assertTrue(answer.statusCode() >= 500, answer.statusCode() + " " + answer.body());
        assertFalse(answer.body().contains("xception"), answer.body());
        assertTrue(server.errors().contains("a command of the command line failed"), server.errors());
    }

    @Test
    @DisplayName("an account that is added before the first start makes a directory for the server's user alone")
    void fresh() throws Exception {
        Path fresh = directory.resolve("fresh");
        assertEquals(0, Command.run(fresh, "user", "add", "first").exit());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh.resolve("users.mv.db"))));
        assertFalse(Files.exists(fresh.resolve("users.trace.db")), "an exception of the database in a file");
    }

    @Test
    @DisplayName("a ban's duration is a number and a unit, and nothing else")
    void duration() {
        Command.Result refused = Command.run(server, "ban", "192.0.2.7", "--for", "soon");
        assertEquals(1, refused.exit());
        assertTrue(refused.err().contains("--for must be a number and s, m, h or d, such as 15m: soon"), refused.err());
    }

    @Test
    @DisplayName("clients that send half a request keep no command out, and are closed in time")
    void halfRequests() throws Exception {
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket stranger = new Socket(InetAddress.getLoopbackAddress(), port());
                strangers.add(stranger);
                stranger.getOutputStream()
                        .write("POST /users/list HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            Command.Result status = Command.run(server, "status");
            assertEquals(0, status.exit(), status.err());
            for (Socket stranger : strangers) {
                stranger.setSoTimeout(20_000);
                assertTrue(isClosed(stranger));
            }
        } finally {
            for (Socket stranger : strangers) {
                stranger.close();
            }
        }
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes().length >= 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }
}
