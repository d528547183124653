package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One server and its admin API. */
class AdminApiTest extends WithAdminApi {
    @Test
    @DisplayName(
            "a server has the API without being asked to, on loopback, and none with admin.enabled = false, which commands then say")
    void enabled() throws Exception {
        assertTrue(api.url().startsWith("http://127.0.0.1:"), api.url());
        assertEquals(200, api.get("nodes").status());
        try (ServerProcess without = ServerProcess.start("flotilla.admin.enabled=false")) {
            assertFalse(Files.exists(Api.file(without)));
            Command.Result asked = Command.run(without, "nodes");
            assertEquals(1, asked.exit());
            assertTrue(asked.err().contains("flotilla.admin.enabled"), asked.err());
        }
    }

    private JsonNode only(Account account) throws Exception {
        return Await.present("a session of " + account, () -> {
            JsonNode page = api.get("sessions?user=" + account.name()).json();
            return java.util.Optional.ofNullable(page.path("sessions").get(0));
        });
    }

    private List<String> audit() throws IOException {
        Path file = server.dataDirectory().resolve("audit.json");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private long audited(String... parts) throws IOException {
        return audit().stream()
                .filter(line -> java.util.Arrays.stream(parts).allMatch(line::contains))
                .count();
    }

    private Command.Result flotilla(String... arguments) {
        return Command.run(server, arguments);
    }

    @Test
    @DisplayName(
            "without a token nothing but health and metrics; a viewer looks, an operator changes; a removed token is worthless")
    void tokens() throws Exception {
        assertEquals(401, api.with("").get("sessions").status());
        assertEquals(401, api.with("flt_guessed").get("sessions").status());
        assertEquals(
                401, api.with("").post("bans", "{\"address\":\"192.0.2.1\"}").status());
        String viewer = flotilla("token", "add", "vera").out().strip();
        String operator =
                flotilla("token", "add", "otto", "--role", "operator").out().strip();
        assertEquals(200, api.with(viewer).get("nodes").status());
        assertEquals(
                "forbidden", api.with(viewer).post("nodes/nobody/drain", "").code());
        assertEquals(1, awaitAudited("vera", "drain", "nobody", "forbidden"));
        assertEquals(
                "not-found", api.with(operator).post("nodes/nobody/drain", "").code());
        assertEquals(1, awaitAudited("otto", "drain", "nobody", "not-found"));
        assertEquals("forbidden", api.with(operator).post("acme", "").code());
        Path file = server.dataDirectory().resolve("admin-tokens");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertFalse(Files.readString(file).contains(operator));
        assertFalse(flotilla("token", "list").out().contains(operator));
        assertTrue(flotilla("token", "list").out().contains("otto"));
        assertEquals(1, flotilla("token", "add", "otto").exit());
        assertEquals(0, flotilla("token", "remove", "vera").exit());
        assertEquals(6, flotilla("token", "remove", "vera").exit());
        Await.until(
                "the token is worthless", () -> api.with(viewer).get("nodes").status() == 401);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(Api.file(server))));
    }

    private long awaitAudited(String... parts) throws Exception {
        Await.until("an audit record of " + List.of(parts), () -> audited(parts) > 0);
        return audited(parts);
    }

    @Test
    @DisplayName("sessions are shown with what they do; filters, orders and pages")
    void sessions() throws Exception {
        Account one = server.newAccount();
        Account other = server.newAccount();
        Files.createDirectory(one.home().resolve("in"));
        FtpDriver ftp = login(one);
        login(other);
        login(other);
        ftp.command("CWD in").expect(250);
        JsonNode session = only(one);
        assertEquals("/in", session.path("directory").asText());
        assertEquals("CWD", session.path("lastCommand").asText());
        assertEquals("idle", session.path("state").asText());
        assertEquals("127.0.0.1", session.path("address").asText());
        assertEquals("node-1", session.path("nodes").path("control").asText());
        assertTrue(session.path("tls").path("version").asText().startsWith("TLSv1."));
        assertEquals(
                session,
                withoutIdle(
                        session,
                        api.get("sessions/" + session.path("id").asText()).json()));
        assertEquals(
                2,
                api.get("sessions?user=" + other.name()).json().path("matched").asInt());
        assertEquals(
                3,
                api.get("sessions?address=127.0.0.1&node=node-1&state=idle")
                        .json()
                        .path("sessions")
                        .size());
        assertEquals(
                0,
                api.get("sessions?state=transferring").json().path("sessions").size());
        JsonNode first = api.get("sessions?sort=-user&limit=2").json();
        assertEquals(other.name(), first.path("sessions").get(0).path("user").asText());
        JsonNode second = api.get("sessions?sort=-user&limit=2&cursor="
                        + first.path("next").asText())
                .json();
        assertEquals(one.name(), second.path("sessions").get(0).path("user").asText());
        assertFalse(second.has("next"));
        Command.Result table = flotilla("sessions", "--user", one.name());
        assertEquals(0, table.exit());
        assertTrue(table.out().contains("/in"), table.out());
        assertTrue(flotilla("sessions", "--json").out().startsWith("{"));
        assertEquals(1, flotilla("sessions", "--sort", "colour").exit());
    }

    private static JsonNode withoutIdle(JsonNode like, JsonNode session) {
        ((com.fasterxml.jackson.databind.node.ObjectNode) session).set("idleSeconds", like.path("idleSeconds"));
        return session;
    }

    @Test
    @DisplayName(
            "a transfer shows its bytes; who is kicked has both connections closed within a second, with one audit record")
    void kick() throws Exception {
        Account account = server.newAccount();
        Files.write(account.home().resolve("big"), new byte[64 << 20]);
        FtpDriver ftp = login(account);
        DataChannel data = ftp.transfer("RETR big");
        JsonNode session = Await.present("a download that moves", () -> {
            JsonNode page = api.get("sessions?sort=-bytes").json();
            return java.util.Optional.ofNullable(page.path("sessions").get(0))
                    .filter(each -> each.path("transfer").path("bytes").asLong() > 0);
        });
        assertEquals("download", session.path("transfer").path("direction").asText());
        assertEquals("/big", session.path("transfer").path("path").asText());
        assertEquals("node-1", session.path("nodes").path("data").asText());
        String id = session.path("id").asText();
        assertEquals(
                200,
                api.post("sessions/" + id + "/kick", "{\"reason\":\"Maintenance.\"}")
                        .status());
        assertTimeoutPreemptively(Duration.ofSeconds(1), () -> {
            assertTrue(ftp.rest().contains("421 Maintenance."));
            readToTheEnd(data.socket());
        });
        assertEquals(1, awaitAudited("\"action\":\"kick\"", "\"target\":\"" + id + "\"", "\"result\":\"ok\""));
        Await.until(
                "nobody of that name",
                () -> api.post("sessions/" + id + "/kick", "").code().equals("not-found"));
        FtpDriver another = login(account);
        String second = Await.present(
                        "its session",
                        () -> java.util.Optional.ofNullable(
                                api.get("sessions").json().path("sessions").get(0)))
                .path("id")
                .asText();
        assertEquals(6, flotilla("kick", id, second).exit());
        assertTrue(another.rest().contains("421 "), "the others are kicked all the same");
    }

    /** Reads up to the end and ignores the content. */
    static void readToTheEnd(Socket socket) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException reset) {
            assertFalse(reset instanceof java.net.SocketTimeoutException);
        }
    }

    @Test
    @DisplayName("an administrator keeps the mounts of an account, and a client that does not know them leaves them")
    void mounts() throws Exception {
        String name = server.newAccount().name();
        String account = api.get("users/" + name).text();
        assertTrue(account.contains("\"mounts\":[]"), account);
        String mount = "{\"path\":\"/in\",\"place\":\"local:/srv/in\"}";
        String with = account.replace("\"mounts\":[]", "\"mounts\":[" + mount + "]");
        assertEquals(
                "[\"mounts\"]",
                api.put("users/" + name, with).json().path("changed").toString());
        String older = account.replace("\"mounts\":[],", "").replace("\"maxSessions\":0", "\"maxSessions\":3");
        assertEquals(200, api.put("users/" + name, older).status());
        JsonNode kept = api.get("users/" + name).json();
        assertEquals("/in", kept.path("mounts").path(0).path("path").asText());
        assertEquals(3, kept.path("maxSessions").asInt());
        assertEquals(
                "bad-request",
                api.put("users/" + name, with.replace(mount, mount + "," + mount))
                        .code());
        assertEquals(
                "bad-request",
                api.put("users/" + name, with.replace("\"/in\"", "\"/../in\"")).code());
    }

    @Test
    @DisplayName("an account gets no home and no mount where there is no store, as with the command")
    void places() throws Exception {
        Account made = server.newAccount();
        String account = api.get("users/" + made.name()).text();
        String noStore = "there is no store gone (flotilla.storage.stores has none)";
        String mount = "[{\"path\":\"/in\",\"place\":\"gone:/srv/in\"}]";
        for (String body : List.of(
                account.replaceFirst("\"home\":\"[^\"]*\"", "\"home\":\"gone:/x\""),
                account.replace("\"mounts\":[]", "\"mounts\":" + mount))) {
            assertTrue(api.put("users/" + made.name(), body).text().contains(noStore), body);
            String other = body.replace("\"name\":\"" + made.name() + "\"", "\"name\":\"another\"");
            assertTrue(api.post("users", other).text().contains(noStore), other);
        }
        assertEquals(404, api.get("users/another").status());
        Command.Result command = flotilla("user", "set", made.name(), "--home", "gone:/x");
        assertTrue(command.err().contains(noStore), command.err());
    }

    @Test
    @DisplayName(
            "an administrator keeps groups; one with members stays unless forced, and no account gets a missing one")
    void groups() throws Exception {
        String operator =
                flotilla("token", "add", "olga", "--role", "operator").out().strip();
        assertEquals("forbidden", api.with(operator).get("groups").code());
        String group = "{\"name\":\"crew\",\"rules\":[],\"readOnly\":false,\"allowedNetworks\":[],\"maxSessions\":7,"
                + "\"uploadBytesPerSecond\":0,\"downloadBytesPerSecond\":0,\"maxFileBytes\":0,\"quotaBytes\":0,"
                + "\"quotaFiles\":0,\"tls\":\"LISTENER\",\"leniencies\":[],\"umask\":\"027\",\"encoding\":\"windows-1252\"}";
        assertEquals(200, api.post("groups", group).status());
        assertEquals("taken", api.post("groups", group).code());
        assertEquals(
                "bad-request", api.post("groups", group.replace("crew", "none")).code());
        assertEquals(
                "bad-request",
                api.post("groups", group.replace("umask", "home")).code());
        assertEquals(7, api.get("groups/crew").json().path("maxSessions").asInt());
        assertEquals(
                "[\"umask\"]",
                api.put("groups/crew", group.replace("027", "022"))
                        .json()
                        .path("changed")
                        .toString());
        assertEquals(1, awaitAudited("\"action\":\"group-set\"", "\"target\":\"crew\"", "umask", "\"result\":\"ok\""));
        String name = server.newAccount().name();
        String account = api.get("users/" + name).text();
        assertEquals(
                "bad-request",
                api.put("users/" + name, account.replace("\"group\":\"\"", "\"group\":\"lost\""))
                        .code());
        assertEquals(
                200,
                api.put("users/" + name, account.replace("\"group\":\"\"", "\"group\":\"crew\""))
                        .status());
        assertEquals(
                200,
                api.put("users/" + name, account.replaceAll(",\"group\":\"\"", ""))
                        .status());
        JsonNode effective = api.get("users/" + name + "/effective").json();
        assertEquals(
                "7 group crew",
                effective.path("maxSessions").asText() + " "
                        + effective.path("from").path("maxSessions").asText());
        assertEquals("default", effective.path("from").path("quotaBytes").asText());
        assertEquals(409, api.delete("groups/crew").status());
        assertEquals(
                200,
                api.call("DELETE", "/api/v1/groups/crew", "{\"force\":true}").status());
        assertEquals("not-found", api.get("groups/crew").code());
        assertFalse(
                api.get("users/" + name + "/effective").json().path("enabled").asBoolean());
    }

    @Test
    @DisplayName("a banned address is refused at once and let in again at once")
    void bans() throws Exception {
        ClientTls tls = ClientTls.trusting(server.certificate());
        assertEquals(
                0,
                flotilla("ban", "127.0.0.77", "--for", "10m", "--reason", "noise")
                        .exit());
        try (FtpDriver banned = FtpDriver.openFrom("127.0.0.77", server, tls)) {
            banned.reply().expect(421);
        }
        assertTrue(flotilla("bans").out().contains("noise"));
        assertEquals(0, flotilla("unban", "127.0.0.77").exit());
        assertEquals(6, flotilla("unban", "127.0.0.77").exit());
        try (FtpDriver again = FtpDriver.openFrom("127.0.0.77", server, tls)) {
            again.reply().expect(220);
            again.command("QUIT").expect(221);
        }
        assertEquals(
                "bad-request", api.post("bans", "{\"address\":\"example.org\"}").code());
        assertEquals(
                "bad-request",
                api.post("bans", "{\"address\":\"192.0.2.1\",\"for\":\"soon\"}").code());
        assertEquals(200, api.post("bans", "{\"address\":\"2001:db8::1\"}").status());
        assertEquals(200, api.delete("bans/2001:db8:0:0::%2F64").status());
        assertEquals(1, awaitAudited("\"action\":\"ban\"", "127.0.0.77", "local"));
        assertEquals(0, flotilla("ban", "192.0.2.9", "--permanent").exit());
        assertFalse(flotilla("ban", "192.0.2.9", "--for", "1m").out().contains("forever"));
        assertFalse(flotilla("bans").out().contains("forever"));
    }

    @Test
    @DisplayName("a plain password is hashed, and a weak one is refused, by the API and by commands")
    void passwords() throws Exception {
        String body = "{\"name\":\"plain\",\"home\":\"plain\",\"rules\":[],\"readOnly\":false,\"allowedNetworks\":[],"
                + "\"maxSessions\":0,\"uploadBytesPerSecond\":0,\"downloadBytesPerSecond\":0,\"maxFileBytes\":0,"
                + "\"quotaBytes\":0,\"quotaFiles\":0,\"expires\":\"\",\"enabled\":true,\"tls\":\"LISTENER\","
                + "\"admin\":false,\"certificates\":[],\"leniencies\":[],\"password\":\"%s\"}";
        assertEquals(
                "weak-password",
                api.post("users", String.format(body, "plain1")).code());
        assertEquals(
                200, api.post("users", String.format(body, "correct horse")).status());
        ClientTls tls = ClientTls.trusting(server.certificate());
        Account plain = new Account("plain", "correct horse", server.dataDirectory());
        FtpDriver.loggedIn(server, tls, plain).close();
        assertEquals(
                200,
                api.call("PUT", "/api/v1/users/plain", String.format(body, "another horse"))
                        .status());
        assertEquals(
                "weak-password",
                api.call("PUT", "/api/v1/users/plain", String.format(body, "password1"))
                        .code());
        FtpDriver.loggedIn(server, tls, new Account("plain", "another horse", server.dataDirectory()))
                .close();
        Command.Result weak =
                Command.withInput("plain123\n", server.dataDirectory(), "user", "passwd", "plain", "--password-stdin");
        assertEquals(1, weak.exit());
        assertTrue(weak.err().contains("users.password.refuse-name"), weak.err());
        assertEquals(200, api.delete("users/plain").status());
    }

    @Test
    @DisplayName("a network is banned without an end, with a warning about loopback, and is let in again")
    void networks() throws Exception {
        ClientTls tls = ClientTls.trusting(server.certificate());
        Command.Result made = flotilla("ban", "127.0.1.0/24", "--permanent", "--reason", "scanners");
        assertEquals(0, made.exit(), made.err());
        assertEquals("127.0.1.0/24 is banned forever\n", made.out());
        assertTrue(made.err().contains("warning: the ban covers loopback"), made.err());
        try (FtpDriver banned = FtpDriver.openFrom("127.0.1.7", server, tls)) {
            banned.reply().expect(421);
        }
        JsonNode shown =
                new ObjectMapper().readTree(flotilla("bans", "--json").out()).path("bans");
        JsonNode ban = StreamSupport.stream(shown.spliterator(), false)
                .filter(one -> one.path("address").asText().equals("127.0.1.0/24"))
                .findFirst()
                .orElseThrow();
        assertEquals("forever", ban.path("until").asText());
        assertTrue(ban.path("kept").asBoolean());
        assertEquals("scanners", ban.path("reason").asText());
        assertEquals(0, flotilla("unban", "127.0.1.0/24").exit());
        assertEquals(6, flotilla("unban", "127.0.1.0/24").exit());
        try (FtpDriver again = FtpDriver.openFrom("127.0.1.7", server, tls)) {
            again.reply().expect(220);
        }
        Command.Result odd = flotilla("ban", "192.168.1.7/16");
        assertTrue(odd.err().contains("the network is 192.168.0.0/16"), odd.err());
        Command.Result wide = flotilla("ban", "2001:db8::/32", "--for", "1h");
        assertEquals(0, wide.exit(), wide.err());
        assertEquals("", wide.err());
        assertEquals(0, flotilla("unban", "2001:db8::/32").exit());
    }

    @Test
    @DisplayName("bad requests are told apart and bounded")
    void badRequests() throws Exception {
        assertEquals(404, api.call("GET", "/nothing", "").status());
        assertEquals(404, api.get("nothing").status());
        assertEquals(405, api.post("sessions", "").status());
        assertEquals("bad-request", api.get("sessions?colour=red").code());
        assertEquals("bad-request", api.get("sessions?limit=1001").code());
        assertEquals("bad-request", api.get("sessions?cursor=x").code());
        assertEquals("bad-request", api.post("bans", "{").code());
        assertEquals("bad-request", api.post("bans", "[]").code());
        assertEquals(
                413,
                api.post("bans", "{\"address\":\"" + "1".repeat(70_000) + "\"}").status());
        assertEquals("not-found", api.get("sessions/none").code());
        assertEquals(
                78,
                flotilla("check", "--set", "flotilla.admin.port=8421", "--set", "flotilla.admin.bind=0.0.0.0")
                        .exit());
    }
}
