package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.User;
import flotilla.cluster.password.PasswordHash;
import flotilla.ops.account.UserJson;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.local.LocalAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
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

/** The listener of a running server for commands on its machine. */
@Timeout(120)
class CommandListenerTest {
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

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static Api commands() throws IOException {
        return Api.commands(server);
    }

    private static ObjectNode account() {
        return UserJson.write(User.create("made", "", "made"), MAPPER.createObjectNode());
    }

    @Test
    @DisplayName("an account is exactly the JSON that is expected; nothing is read from files")
    void onlyJson() throws Exception {
        Path elsewhere =
                Files.writeString(directory.resolve("elsewhere.conf"), account().toString());
        assertRefused("the body is not JSON", "include file(\"" + elsewhere + "\")");
        assertEquals(1, Command.run(server, "user", "disable", "made").exit());

        assertRefused("unknown key colour", account().put("colour", 1).toString());
        assertRefused(
                "enabled must be true or false", account().put("enabled", "yes").toString());
        assertRefused("home is missing", account().without("home").toString());
        assertRefused("name must be a text", account().put("name", 7).toString());
        assertRefused(
                "maxSessions must be a whole number between 0 and 2147483647",
                account().put("maxSessions", 2147483648L).toString());
        assertRefused("the body is not JSON", account() + "{}");
        assertRefused(
                "a user name is 1 to 63 letters, digits and . _ @ + \\ -, and begins with a letter or digit",
                account().put("name", "../made").toString());

        Api.Answer added = commands().post("users", account().toString());
        assertEquals(200, added.status(), added.text());
        assertEquals(0, Command.run(server, "user", "remove", "made").exit());
    }

    private static void assertRefused(String sentence, String body) throws Exception {
        Api.Answer answer = commands().post("users", body);
        assertEquals(sentence, answer.json().path("message").asText());
        assertEquals(400, answer.status());
    }

    @Test
    @DisplayName("accounts are added, changed and removed as requests; a password's hash goes in and never comes out")
    void accounts() throws Exception {
        String hash = PasswordHash.encode("Very-S3cret");
        String whole = account().put("name", "whole").put("passwordHash", hash).toString();
        assertEquals(200, commands().post("users", whole).status());
        assertEquals("taken", commands().post("users", whole).code());
        Api.Answer found = commands().get("users/whole");
        assertFalse(found.text().contains("argon2") || found.text().contains("passwordHash"), found.text());
        assertFalse(commands().get("users?limit=1000").text().contains("argon2"));

        ObjectNode changed = ((ObjectNode) found.json()).put("home", "elsewhere");
        assertEquals(
                "[\"home\"]",
                commands()
                        .put("users/whole", changed.toString())
                        .json()
                        .path("changed")
                        .toString());
        assertEquals(
                "[]",
                commands()
                        .put("users/whole", changed.put("passwordHash", hash).toString())
                        .json()
                        .path("changed")
                        .toString(),
                "the hash is still the same");
        assertEquals(
                "not-found", commands().put("users/nobody", changed.toString()).code());
        assertEquals(
                400,
                commands()
                        .put("users/whole", changed.put("name", "other").toString())
                        .status());
        assertEquals(200, commands().delete("users/whole").status());
        assertEquals("not-found", commands().delete("users/whole").code());
        assertEquals("not-found", commands().get("users/whole").code());
        for (String command : List.of("disable", "remove")) {
            assertEquals(
                    "flotilla: no such user: ",
                    Command.run(server, "user", command, "").err().stripTrailing() + " ");
        }
    }

    @Test
    @DisplayName("another user of the machine, who has no token, learns and changes nothing")
    void strangers() throws Exception {
        for (String token : List.of("", "flt_guessed")) {
            Api stranger = commands().with(token);
            for (String path : List.of("ready", "status", "users", "users/demo", "nothing")) {
                assertEquals(401, stranger.get(path).status(), path);
            }
            assertEquals(401, stranger.post("reload", "").status());
            assertEquals(401, stranger.post("users", account().toString()).status());
            for (String path : List.of("/", "/live", "/ready", "/metrics")) {
                assertEquals(404, stranger.call("GET", path, "").status(), path);
            }
        }
        for (String file : List.of("control", "admin")) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(
                            server.dataDirectory().resolve("run").resolve(file))));
        }
    }

    @Test
    @DisplayName("who takes the ports of a killed server is sent nothing by commands, neither tokens nor accounts")
    void portsOfADeadServer() throws Exception {
        try (ServerProcess dead = ServerProcess.start()) {
            dead.kill();
            for (String file : List.of("control", "admin")) {
                LocalAddress left = LocalAddress.read(
                                dead.dataDirectory().resolve("run").resolve(file))
                        .orElseThrow();
                URI url = URI.create(left.url());
                try (ServerSocketChannel stranger = ServerSocketChannel.open()) {
                    stranger.bind(new InetSocketAddress(url.getHost(), url.getPort()));
                    stranger.configureBlocking(false);
                    Command.Result list = Command.run(dead, "user", "list");
                    assertEquals(0, list.exit(), list.err());
                    assertEquals(
                            0, Command.run(dead, "user", "add", "at-" + file).exit());
                    assertEquals(1, Command.run(dead, "status").exit());
                    assertEquals(1, Command.run(dead, "nodes").exit());
                    assertNull(stranger.accept(), "a command came to the stranger");
                }
            }
        }
    }

    @Test
    @DisplayName("two commands at the same time do not take each other for a server")
    void anotherCommand() throws Exception {
        try (ServerProcess dead = ServerProcess.start()) {
            dead.kill();
            Path lock = dead.dataDirectory().resolve("run").resolve("lock");
            Process other = new ProcessBuilder(
                            "python3",
                            "-c",
                            "import fcntl, sys; f = open(sys.argv[1]); fcntl.lockf(f, fcntl.LOCK_SH); print(flush=True); sys.stdin.read()",
                            lock.toString())
                    .start();
            try {
                assertEquals('\n', other.getInputStream().read());
                URI url = URI.create(LocalAddress.read(lock.resolveSibling("control"))
                        .orElseThrow()
                        .url());
                try (ServerSocketChannel stranger = ServerSocketChannel.open()) {
                    stranger.bind(new InetSocketAddress(url.getHost(), url.getPort()));
                    stranger.configureBlocking(false);
                    Command.Result list = Command.run(dead, "user", "list");
                    assertEquals(0, list.exit(), list.err());
                    assertNull(stranger.accept(), "a command came to the stranger");
                }
            } finally {
                other.destroy();
            }
        }
    }

    @Test
    @DisplayName("tokens of the API count for nothing here; there, only an administrator's token reaches accounts")
    void roles() throws Exception {
        String operator = Command.run(server, "token", "add", "otto", "--role", "operator")
                .out()
                .strip();
        String admin = Command.run(server, "token", "add", "ada", "--role", "administrator")
                .out()
                .strip();
        assertEquals(401, commands().with(admin).get("users").status());
        Api api = Api.local(server);
        for (String path : List.of("users", "users/demo")) {
            assertEquals("forbidden", api.with(operator).get(path).code());
            assertEquals(200, api.with(admin).get(path).status());
        }
        assertEquals(
                "forbidden",
                api.with(operator).post("users", account().toString()).code());
        assertEquals("forbidden", api.with(operator).delete("users/demo").code());
        assertEquals(
                "forbidden",
                api.with(operator).put("users/demo", account().toString()).code());
        assertEquals(
                "forbidden", api.with(operator).post("users/demo/recount", "").code());
        assertEquals(200, api.with(operator).post("reload", "").status());
        assertEquals(
                200,
                api.with(admin)
                        .post("users", account().put("name", "by-ada").toString())
                        .status());
        assertEquals(200, api.with(admin).delete("users/by-ada").status());
        assertEquals(
                "bad-request",
                api.with(admin).post("bans", "{\"adress\":\"192.0.2.1\"}").code());
    }

    @Test
    @DisplayName("a body that is too large is refused, not cut")
    void tooLarge() throws Exception {
        Api.Answer answer = commands().post("users", account() + " ".repeat(1 << 16));
        assertEquals(413, answer.status());
        assertEquals(
                "the body is larger than 65536 bytes, or broke off",
                answer.json().path("message").asText());
    }

    @Test
    @DisplayName("what fails unexpectedly is a sentence here and a trace in the log")
    void failure() throws Exception {
        Api.Answer answer = commands()
                .post("users", account().put("home", "x".repeat(10_000)).toString());
        assertTrue(answer.status() >= 500, answer.status() + " " + answer.text());
        assertFalse(answer.text().contains("xception"), answer.text());
        Await.until("a trace in the log", () -> server.errors().contains("a request of an operator failed"));
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
        URI address = URI.create(commands().url());
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket stranger = new Socket(address.getHost(), address.getPort());
                strangers.add(stranger);
                stranger.getOutputStream()
                        .write("POST /api/v1/users HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.US_ASCII));
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
