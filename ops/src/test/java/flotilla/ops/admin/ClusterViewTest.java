package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.NodeCertificate;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes on three addresses of this machine, with the same ports each. Each of them shows and controls the whole
 * cluster.
 */
@Timeout(180)
class ClusterViewTest {
    private static final int NODES = 3;
    private static final int PASSIVE = 20;

    @TempDir
    private static Path shared;

    private static final List<ServerProcess> servers = new ArrayList<>();
    private static final List<Api> apis = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        int ports = Ports.free(6 + PASSIVE);
        List<String> certificate = NodeCertificate.settings(shared);
        for (int i = 1; i <= NODES; i++) {
            String address = "127.0.0." + i;
            List<String> settings = new ArrayList<>(List.of(
                    "flotilla.node.name=node-" + i,
                    "flotilla.listeners.bind=" + address,
                    "flotilla.listeners.explicit.port=" + ports,
                    "flotilla.listeners.implicit.port=0",
                    "flotilla.cluster.bind=" + address,
                    "flotilla.cluster.port=" + (ports + 1),
                    "flotilla.cluster.hazelcast-port=" + (ports + 2),
                    "flotilla.cluster.seeds=127.0.0.1:" + (ports + 1),
                    "flotilla.admin.bind=" + address,
                    "flotilla.admin.port=" + (ports + 3),
                    "flotilla.passive.ports=" + (ports + 6) + "-" + (ports + 5 + PASSIVE),
                    "flotilla.tls.required=false",
                    "flotilla.tls.data-required=false",
                    "flotilla.storage.root=" + shared.resolve("files"),
                    "flotilla.users.jdbc-url=jdbc:h2:file:" + shared.resolve("users") + ";AUTO_SERVER=TRUE"));
            settings.addAll(certificate);
            servers.add(ServerProcess.start(settings.toArray(String[]::new)));
            apis.add(Api.local(servers.get(i - 1)));
        }
        Await.until(
                "three nodes that agree",
                () -> apis.get(0).metric("flotilla_cluster_members") == NODES
                        && apis.get(0).metric("flotilla_ready") == 1);
    }

    @AfterAll
    static void stop() throws IOException {
        for (ServerProcess server : servers) {
            server.close();
        }
    }

    private static FtpDriver login(int node, Account account) throws IOException {
        FtpDriver ftp = FtpDriver.connect("127.0.0.1", "127.0.0." + node, servers.get(node - 1));
        ftp.reply().expect(220);
        ftp.logIn(account);
        ftp.command("TYPE I").expect(200);
        return ftp;
    }

    private static Account account() throws IOException {
        Account account = servers.get(0).newAccount();
        Path home = Files.createDirectories(shared.resolve("files").resolve(account.name()));
        return new Account(account.name(), account.password(), home);
    }

    @Test
    @DisplayName("any node shows the sessions of all, by pages; the nodes know each other")
    void everywhere() throws Exception {
        Account account = account();
        List<FtpDriver> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 6; i++) {
                clients.add(login(1 + i % NODES, account));
            }
            for (Api api : apis) {
                assertEquals(NODES, api.get("nodes").json().path("nodes").size());
                Set<String> seen = new TreeSet<>();
                Set<String> controls = new TreeSet<>();
                String cursor = "";
                do {
                    JsonNode page = api.get("sessions?sort=node&limit=4&user=" + account.name() + "&cursor=" + cursor)
                            .json();
                    assertEquals(6, page.path("matched").asInt());
                    assertEquals(0, page.path("incomplete").size());
                    page.path("sessions").forEach(session -> {
                        assertTrue(seen.add(session.path("id").asText()));
                        controls.add(session.path("nodes").path("control").asText());
                    });
                    cursor = page.path("next").asText("");
                } while (!cursor.isEmpty());
                assertEquals(6, seen.size());
                assertEquals(Set.of("node-1", "node-2", "node-3"), controls);
            }
            JsonNode users = apis.get(1).get("limits").json().path("users");
            assertEquals(6, users.get(0).path("held").asInt());
            assertEquals(6, users.get(0).path("sessions").asInt());
            List<String> names = namesByPagesOfOne(apis.get(2));
            assertEquals(Set.copyOf(names).size(), names.size(), names.toString());
            assertTrue(names.containsAll(List.of(account.name(), "127.0.0.1")), names.toString());
        } finally {
            for (FtpDriver client : clients) {
                client.close();
            }
        }
    }

    @Test
    @DisplayName(
            "kicked from node 3, a session with control on node 1 and data on node 2 is gone within a second; one audit record")
    void kickFromElsewhere() throws Exception {
        Account account = account();
        Files.write(account.home().resolve("big"), new byte[64 << 20]);
        try (FtpDriver ftp = login(1, account)) {
            int port = ftp.epsvPort();
            DataChannel data = DataChannel.connect("127.0.0.1", "127.0.0.2", port);
            ftp.command("RETR big").expect(150);
            JsonNode session = Await.present("the transfer", () -> Optional.ofNullable(apis.get(2)
                            .get("sessions?sort=-rate&user=" + account.name())
                            .json()
                            .path("sessions")
                            .get(0))
                    .filter(each -> each.path("transfer").path("bytes").asLong() > 0));
            assertEquals("node-1", session.path("nodes").path("control").asText());
            assertEquals("node-2", session.path("nodes").path("data").asText());
            String id = session.path("id").asText();
            long asked = System.nanoTime();
            assertEquals(200, apis.get(2).post("sessions/" + id + "/kick", "").status());
            assertTimeoutPreemptively(Duration.ofSeconds(1), () -> {
                assertTrue(ftp.rest().contains("421 "));
                AdminApiTest.readToTheEnd(data.socket());
            });
            System.out.println("kicked across nodes in " + (System.nanoTime() - asked) / 1_000_000 + " ms");
            assertEquals(1, audited(3, id), "before the answer");
            Await.until("the record on the other nodes", () -> audited(1, id) + audited(2, id) == 2);
            Await.until(
                    "nothing left",
                    () -> apis.get(0)
                                    .get("sessions?user=" + account.name())
                                    .json()
                                    .path("matched")
                                    .asInt()
                            == 0);
        }
    }

    private static long audited(int node, String id) throws IOException {
        Path file = servers.get(node - 1).dataDirectory().resolve("audit.json");
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .filter(line -> line.contains(id))
                        .count()
                : 0;
    }

    @Test
    @DisplayName("a trace is asked for on one node and kept by all, until another one or none is asked for")
    void traceEverywhere() throws Exception {
        Account account = account();
        Account other = account();
        ServerProcess asked = servers.get(1);
        String node1 = servers.get(0).errors();
        try (FtpDriver ftp = login(1, account);
                FtpDriver second = login(1, other)) {
            Command.Result traced = Command.run(asked, "trace", account.name(), "--for", "10m");
            assertEquals(0, traced.exit(), traced.err());
            assertTrue(traced.out().startsWith(account.name() + ": traced on every node until "), traced.out());
            Await.until("the trace on node 1", () -> {
                ftp.command("NOOP").expect(200);
                return tracedLines(account) > 0;
            });
            assertEquals(0, tracedLines(other));

            assertEquals(
                    0, Command.run(asked, "trace", other.name(), "127.0.0.9").exit());
            Await.until("the trace of the other instead", () -> {
                long before = tracedLines(account);
                ftp.command("NOOP").expect(200);
                second.command("NOOP").expect(200);
                return tracedLines(other) > 0 && tracedLines(account) == before;
            });
            assertEquals("nobody is traced\n", Command.run(asked, "trace").out());
            Await.until("no trace any more", () -> {
                long before = tracedLines(account) + tracedLines(other);
                ftp.command("NOOP").expect(200);
                second.command("NOOP").expect(200);
                ftp.command("NOOP").expect(200);
                second.command("NOOP").expect(200);
                return tracedLines(account) + tracedLines(other) == before;
            });
            FtpDriver stranger = FtpDriver.connect("127.0.0.1", "127.0.0.1", servers.get(0));
            stranger.reply().expect(220);
            stranger.command("NOOP").expect(200, 530);
            stranger.command("SYST").expect(215, 530);
            stranger.close();
            assertFalse(
                    servers.get(0).errors().substring(node1.length()).contains(" [] "),
                    servers.get(0).errors());
        }
        Command.Result many = Command.run(asked, tooMany());
        assertEquals(1, many.exit());
        assertTrue(many.err().contains("at most 100 can be traced at a time (flotilla.log.max-traced)"), many.err());
        Command.Result soon = Command.run(asked, "trace", "alice", "--for", "0s");
        assertTrue(soon.err().contains("a trace lasts for at least a second"), soon.err());
    }

    @Test
    @DisplayName(
            "a trace that is followed on node 2 shows the commands on nodes 1 and 3, without the password, and ends")
    void followTrace() throws Exception {
        Account account = account();
        java.util.concurrent.CompletableFuture<Command.Result> followed =
                java.util.concurrent.CompletableFuture.supplyAsync(
                        () -> Command.run(servers.get(1), "trace", account.name(), "--for", "15s", "--follow"));
        Await.until("the trace", () -> apis.get(0).get("trace/lines").json().has("until"));
        for (int node : new int[] {1, 3}) {
            try (FtpDriver ftp = login(node, account)) {
                ftp.command("CWD nowhere-" + node).expect(550);
            }
        }
        Command.Result shown = followed.get();
        assertEquals(0, shown.exit(), shown.err());
        assertTrue(shown.out().contains("node-1 "), shown.out());
        assertTrue(shown.out().contains("CWD nowhere-1 -> 550"), shown.out());
        assertTrue(shown.out().contains("CWD nowhere-3 -> 550"), shown.out());
        assertFalse(shown.out().contains(account.password()), shown.out());
        assertTrue(shown.out().endsWith("the trace has ended\n"), shown.out());
    }

    private static String[] tooMany() {
        List<String> arguments = new ArrayList<>(List.of("trace"));
        for (int i = 0; i <= 100; i++) {
            arguments.add("user-" + i);
        }
        return arguments.toArray(String[]::new);
    }

    private static long tracedLines(Account account) {
        return servers.get(0)
                .errors()
                .lines()
                .filter(line -> line.contains("flotilla.trace") && line.contains("[" + account.name() + "]"))
                .count();
    }

    @Test
    @DisplayName(
            "a data connection of somebody else counts as a wrong peer on every node, and the right one is served all the same")
    void wrongPeer() throws Exception {
        Account account = account();
        try (FtpDriver ftp = login(1, account)) {
            for (int node = 1; node <= NODES; node++) {
                Api api = apis.get(node - 1);
                double wrong = api.metric(outcome("wrong-peer"));
                double none = api.metric(outcome("no-lease"));
                int port = ftp.epsvPort();
                String host = "127.0.0." + node;
                try (DataChannel stranger = DataChannel.connect("127.0.0.9", host, port)) {
                    Await.until("the wrong peer", () -> api.metric(outcome("wrong-peer")) == wrong + 1);
                    assertEquals(-1, stranger.socket().getInputStream().read());
                }
                assertEquals(none, api.metric(outcome("no-lease")));
                DataChannel data = DataChannel.connect("127.0.0.1", host, port);
                ftp.command("NLST").expect(150);
                data.readAll();
                ftp.reply().expect(226);
                try (DataChannel stranger = DataChannel.connect("127.0.0.9", host, port)) {
                    Await.until("no lease", () -> api.metric(outcome("no-lease")) == none + 1);
                    assertEquals(-1, stranger.socket().getInputStream().read());
                }
                assertEquals(wrong + 1, api.metric(outcome("wrong-peer")));
            }
        }
    }

    private static List<String> namesByPagesOfOne(Api api) throws Exception {
        List<String> names = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.get("limits?limit=1&cursor=" + cursor).json();
            assertEquals(1, page.path("users").size() + page.path("addresses").size());
            assertTrue(page.path("matched").asInt() >= 2);
            page.path("users").forEach(user -> names.add(user.path("name").asText()));
            page.path("addresses")
                    .forEach(address -> names.add(address.path("name").asText()));
            cursor = page.path("next").asText("");
        } while (!cursor.isEmpty());
        return names;
    }

    private static String outcome(String word) {
        return "flotilla_data_connections_total{outcome=\"" + word + "\"}";
    }

    @Test
    @DisplayName(
            "frozen from node 3, a download with control on node 1 and data on node 2 stands; thawed from node 2, it goes on")
    void freezeFromElsewhere() throws Exception {
        Account account = account();
        byte[] content = new byte[32 << 20];
        new java.util.Random(3).nextBytes(content);
        Files.write(account.home().resolve("big"), content);
        try (FtpDriver ftp = login(1, account)) {
            assertEquals(
                    200, apis.get(2).put("freezes/user/" + account.name(), "").status());
            Await.until("the freeze on all nodes", () -> {
                for (Api api : apis) {
                    if (!api.get("freezes").text().contains(account.name())) {
                        return false;
                    }
                }
                return true;
            });
            DataChannel data = DataChannel.connect("127.0.0.1", "127.0.0.2", ftp.epsvPort());
            ftp.command("RETR big").expect(150);
            Await.until("a while", () -> transfer(account).path("seconds").asLong() >= 2);
            assertEquals(0, transfer(account).path("bytes").asLong());
            assertEquals(0, data.socket().getInputStream().available());
            assertEquals(
                    200, apis.get(1).delete("freezes/user/" + account.name()).status());
            org.junit.jupiter.api.Assertions.assertArrayEquals(content, data.readAll());
            ftp.reply().expect(226);
        }
    }

    private static JsonNode transfer(Account account) throws Exception {
        return apis.get(0)
                .get("sessions?user=" + account.name())
                .json()
                .path("sessions")
                .path(0)
                .path("transfer");
    }

    @Test
    @DisplayName("why on node 3 tells what nodes 1 and 2 have refused; stats add up what they counted")
    void whyEverywhere() throws Exception {
        Account account = account();
        for (int node = 1; node <= 2; node++) {
            try (FtpDriver ftp = FtpDriver.connect("127.0.0.1", "127.0.0." + node, servers.get(node - 1))) {
                ftp.reply().expect(220);
                ftp.command("USER " + account.name()).expect(331);
                ftp.command("PASS wrong").expect(530);
            }
        }
        JsonNode refusals = Await.present("both", () -> Optional.of(apis.get(2)
                        .get("refusals?about=" + account.name())
                        .json()
                        .path("refusals"))
                .filter(found -> found.size() == 2));
        assertEquals("node-2", refusals.get(0).path("node").asText());
        assertEquals("node-1", refusals.get(1).path("node").asText());
        JsonNode rows = apis.get(2).get("stats?by=user&limit=1000").json().path("rows");
        int failures = 0;
        for (JsonNode row : rows) {
            failures += row.path("name").asText().equals(account.name())
                    ? row.path("failures").asInt()
                    : 0;
        }
        assertEquals(2, failures);
    }

    @Test
    @DisplayName("a node is drained and brought back through another one")
    void drainElsewhere() throws Exception {
        assertEquals(200, apis.get(0).post("nodes/node-3/drain", "").status());
        assertEquals(503, apis.get(2).call("GET", "/ready", "").status());
        assertEquals(200, apis.get(1).call("GET", "/ready", "").status());
        assertEquals(200, apis.get(1).post("nodes/node-3/undrain", "").status());
        assertEquals(200, apis.get(2).call("GET", "/ready", "").status());
    }

    @Test
    @DisplayName("a node that hangs is named in every answer, which comes all the same")
    void hangingNode() throws Exception {
        long pid = servers.get(1).pid();
        signal("STOP", pid);
        try {
            JsonNode nodes = apis.get(0).get("nodes").json();
            assertEquals(2, nodes.path("nodes").size());
            assertEquals("node-2", nodes.path("incomplete").get(0).asText());
        } finally {
            signal("CONT", pid);
        }
        Await.until(
                "the node is back",
                () -> apis.get(0).get("nodes").json().path("incomplete").size() == 0);
    }

    private static void signal(String name, long pid) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                        .start()
                        .waitFor());
    }

    @Test
    @DisplayName("of two changes that two nodes get at once with the same version one is made, and all nodes record it")
    void atOnce() throws Exception {
        String path = "/api/v1/users/" + account().name();
        for (int round = 0; round < 5; round++) {
            Api.Answer before = apis.get(0).call("GET", path, "");
            Map<String, String> version = Map.of(
                    "If-Match", before.response().headers().firstValue("ETag").orElseThrow());
            List<CompletableFuture<Integer>> answers = new ArrayList<>();
            for (int node = 0; node < NODES; node++) {
                Api api = apis.get(node);
                String body = before.text()
                        .replaceFirst("\"maxSessions\":[0-9]+", "\"maxSessions\":" + (10 * round + node + 1));
                answers.add(CompletableFuture.supplyAsync(() -> status(api, path, body, version)));
            }
            List<Integer> statuses =
                    answers.stream().map(CompletableFuture::join).sorted().toList();
            assertEquals(List.of(200, 412, 412), statuses);
        }
        String done = "\"target\":\"" + path.substring(path.lastIndexOf('/') + 1) + "\",\"changed\":[\"maxSessions\"]";
        for (ServerProcess server : servers) {
            Path log = server.dataDirectory().resolve("audit.json");
            Await.until(
                    "five records on " + log,
                    () -> Files.readAllLines(log).stream()
                                    .filter(line -> line.contains(done))
                                    .count()
                            == 5);
        }
    }

    private static int status(Api api, String path, String body, Map<String, String> headers) {
        try {
            return api.call("PUT", path, body, headers).status();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
