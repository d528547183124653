package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.local.LocalAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description of the admin API, against a real server. */
class ApiClientTest extends WithAdminApi {
    private static final Path SOURCES = Path.of("src/main/java/flotilla/ops");

    @TempDir
    private static Path lists;

    @TempDir
    private Path directory;

    @Override
    protected List<String> settings() throws IOException {
        Path file = Files.writeString(lists.resolve("users"), "root\ndaemon\n");
        return List.of("flotilla.login.user-list.mode=deny", "flotilla.login.user-list.file=" + file);
    }

    @Test
    @DisplayName("the server's routes are those that it describes, to any token and to nobody without one")
    void description() throws Exception {
        assertEquals(401, api.with("").get("openapi.json").status());
        JsonNode document = api.get("openapi.json").json();
        assertEquals("3.1.0", document.path("openapi").asText());
        StringBuilder differences = new StringBuilder();
        document.path("x-differences")
                .forEach(each -> differences.append(each.asText()).append('\n'));
        assertEquals("", differences.toString());
    }

    @Test
    @DisplayName("each kind of problem has a title")
    void problems() throws Exception {
        JsonNode titles = ApiDocument.shared().json().path("components").path("x-problems");
        Pattern code = Pattern.compile("new ApiException\\(\\s*[A-Z0-9]+,\\s*\"([a-z-]+)\"");
        TreeSet<String> missing = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                Matcher matcher = code.matcher(Files.readString(source));
                while (matcher.find()) {
                    if (!titles.has(matcher.group(1))) {
                        missing.add(matcher.group(1));
                    }
                }
            }
        }
        assertEquals(List.of(), List.copyOf(missing), "add them to x-problems of resources/flotilla/openapi/base.json");
    }

    @Test
    @DisplayName("an error is a problem of RFC 9457, with the code and message of older releases")
    void problem() throws Exception {
        Api.Answer method = api.put("sessions", "");
        assertEquals(
                "405 GET",
                method.status() + " "
                        + method.response().headers().firstValue("Allow").orElse(""));
        Api.Answer answer = api.get("users/nobody");
        assertEquals(404, answer.status());
        assertEquals(
                "application/problem+json",
                answer.response().headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
                "{\"type\":\"/api/v1/openapi.json#/components/x-problems/not-found\","
                        + "\"title\":\"There is no such thing\",\"status\":404,\"detail\":\"no such user: nobody\","
                        + "\"instance\":\"/api/v1/users/nobody\",\"code\":\"not-found\","
                        + "\"message\":\"no such user: nobody\"}",
                answer.text().strip());
    }

    private static Map<String, Object> group(String name) {
        return Map.ofEntries(
                Map.entry("name", name),
                Map.entry("rules", List.of()),
                Map.entry("readOnly", false),
                Map.entry("allowedNetworks", List.of()),
                Map.entry("maxSessions", 3),
                Map.entry("uploadBytesPerSecond", 0),
                Map.entry("downloadBytesPerSecond", 0),
                Map.entry("maxFileBytes", 0),
                Map.entry("quotaBytes", 0),
                Map.entry("quotaFiles", 0),
                Map.entry("tls", "LISTENER"),
                Map.entry("leniencies", List.of()));
    }

    private static Map<String, Object> user(String name) {
        Map<String, Object> user = new java.util.TreeMap<>(group(name));
        user.putAll(Map.of(
                "home",
                "/" + name,
                "expires",
                "",
                "enabled",
                true,
                "admin",
                false,
                "certificates",
                List.of(),
                "password",
                "correct horse battery"));
        return user;
    }

    @Test
    @DisplayName("a client that is generated from the description can do everything")
    void everything() throws Exception {
        LocalAddress address =
                LocalAddress.read(LocalAddress.admin(server.dataDirectory())).orElseThrow();
        String document = api.get("openapi.json").text();
        try (GeneratedClient client = GeneratedClient.of(directory, document, address.url(), address.token())) {
            accounts(client);
            cluster(client);
            node(client);
            watching(client);
            TreeSet<String> left = new TreeSet<>(client.operations());
            left.removeAll(client.called());
            assertEquals(List.of(), List.copyOf(left), "call them in ApiClientTest");
        }
    }

    private static void accounts(GeneratedClient client) throws Exception {
        assertEquals("made", client.call("addGroup", group("made")).path("name").asText());
        assertEquals(3, client.call("getGroup", "made").path("maxSessions").asInt());
        assertTrue(client.call("listGroups").path("groups").size() >= 1);
        assertEquals(
                "made",
                client.call("setGroup", "made", group("made")).path("name").asText());
        assertEquals("gert", client.call("addUser", user("gert")).path("name").asText());
        assertEquals("/gert", client.call("getUser", "gert").path("home").asText());
        assertEquals(1, client.call("listUsers", null, 1).path("users").size());
        assertEquals(
                "default",
                client.call("getEffectiveUser", "gert")
                        .path("from")
                        .path("quotaBytes")
                        .asText());
        Map<String, Object> changed = user("gert");
        changed.put("maxSessions", 9);
        assertEquals(
                "[\"password\",\"maxSessions\"]",
                client.call("setUser", "gert", changed).path("changed").toString());
        assertFalse(client.call("recountUser", "gert").path("state").asText().isEmpty());
        assertEquals(404, refusal(client, "getUser", "nobody"));
        client.call("removeUser", "gert");
        client.call("removeGroup", "made", null, Map.of("force", true));
    }

    private void cluster(GeneratedClient client) throws Exception {
        Account account = server.newAccount();
        login(account);
        JsonNode page = client.call("listSessions", account.name());
        String session = page.path("sessions").path(0).path("id").asText();
        assertEquals(
                account.name(), client.call("getSession", session).path("user").asText());
        assertEquals(1, client.call("listLimits").path("total").path("held").asInt());
        assertEquals(0, client.call("listLeases").path("total").asInt());
        client.call("kickSession", session, Map.of("reason", "Enough."));
        JsonNode node = client.call("listNodes").path("nodes").path(0);
        assertTrue(node.path("ready").asBoolean());
        String name = node.path("name").asText();
        client.call("drainNode", name, Map.of("then", "stay"));
        assertEquals(name, client.call("undrainNode", name).path("node").asText());
        assertEquals(0, client.call("listCluster").path("missing").asInt());
        assertEquals(409, refusal(client, "forgetNode", name));
        client.call("ban", Map.of("address", "192.0.2.0/24", "for", "PT1H", "reason", "noise"));
        assertEquals(
                "192.0.2.0/24",
                client.call("listBans").path("bans").path(0).path("address").asText());
        client.call("unban", "192.0.2.0/24");
    }

    private static void node(GeneratedClient client) throws Exception {
        assertEquals("3.1.0", client.call("getDescription").path("openapi").asText());
        assertTrue(client.call("getStatus").has("sessions"));
        assertTrue(client.call("getReady").path("ready").asBoolean());
        assertTrue(client.call("reload").path("reloaded").asBoolean());
        assertEquals(
                1,
                client.call("trace", Map.of("for", "PT1M", "targets", List.of("alice")))
                        .path("targets")
                        .size());
        assertEquals("alice", client.call("getTrace").path("targets").path(0).asText());
        assertEquals(
                "clients",
                client.call("listCertificates")
                        .path("certificates")
                        .path(0)
                        .path("use")
                        .asText());
        assertEquals(
                "login.user-list",
                client.call("listLists").path("lists").path(0).path("name").asText());
        JsonNode page = client.call("getList", "login.user-list", 1);
        assertEquals("[\"root\"]", page.path("lines").toString());
        JsonNode rest =
                client.call("getList", "login.user-list", 10, page.path("next").asText());
        assertEquals("[\"daemon\"]", rest.path("lines").toString());
        assertFalse(rest.has("next"));
        assertEquals(404, refusal(client, "getList", "access.allow"));
        JsonNode last = client.call("listMessages", "info", null, 1).path("messages");
        assertEquals(1, last.size());
        assertEquals(
                0,
                client.call("listMessages", "error", last.path(0).path("number").asInt())
                        .path("messages")
                        .size());
        assertTrue(client.call("listTokens").path("tokens").isArray());
        assertEquals(404, refusal(client, "removeToken", "nobody"));
        assertEquals(409, refusal(client, "getAcme"));
        assertEquals(409, refusal(client, "renewCertificate"));
        assertTrue(client.call("listSettings").path("settings").size() > 100);
        client.call("set", "limits.max-sessions-per-node", Map.of("value", "7"));
        assertEquals(
                "7",
                client.call("getSetting", "limits.max-sessions-per-node")
                        .path("set")
                        .path("value")
                        .asText());
        client.call("unset", "limits.max-sessions-per-node");
        assertEquals(1, client.call("diffSettings").path("nodes").size());
        assertTrue(client.call("stopWriting", null, Map.of("reason", "backup"))
                .path("on")
                .asBoolean());
        assertTrue(client.call("getReadOnly").path("on").asBoolean());
        assertFalse(client.call("allowWriting").path("on").asBoolean());
    }

    private static void watching(GeneratedClient client) throws Exception {
        assertTrue(client.call("listRefusals").path("refusals").isArray());
        assertEquals("node", client.call("getStats").path("by").asText());
        assertEquals(120, client.call("getSeries").path("minutes").size());
        assertEquals(
                "gert",
                client.call("freeze", "user", "gert", Map.of("for", "PT1M", "reason", "look"))
                        .path("name")
                        .asText());
        assertEquals(1, client.call("listFreezes").path("freezes").size());
        assertEquals("user", client.call("thaw", "user", "gert").path("kind").asText());
        assertFalse(client.call("followTrace").path("cursor").asText().isEmpty());
        assertEquals(0, client.call("listEvents").path("waiting").asInt());
        assertEquals(0, client.call("resendEvents").path("events").asInt());
        assertEquals(404, refusal(client, "forgetEvent", "nothing"));
        assertEquals(0, client.call("listEventTargets").path("targets").size());
        assertEquals(404, refusal(client, "testEventTarget", "nowhere"));
        assertEquals(0, client.call("listAlerts").path("alerts").size());
        assertTrue(client.call("testAlertTarget", "log").path("told").asBoolean());
    }

    private static int refusal(GeneratedClient client, String operation, Object... arguments) {
        return assertThrows(GeneratedClient.Refused.class, () -> client.call(operation, arguments))
                .status();
    }

    private static Map<String, String> ifMatch(String tag) {
        return Map.of("If-Match", tag);
    }

    private String tag(String path) throws Exception {
        return api.get(path).response().headers().firstValue("ETag").orElse("none");
    }

    @Test
    @DisplayName("a change with If-Match changes only the version that it names, and If-None-Match only makes new ones")
    void conditions() throws Exception {
        String name = server.newAccount().name();
        String path = "/api/v1/users/" + name;
        String account = api.get("users/" + name).text();
        String first = tag("users/" + name);
        assertTrue(first.matches("\"[0-9a-f]{32}\""), first);
        String changed = account.replace("\"maxSessions\":0", "\"maxSessions\":4");
        assertEquals(
                304, api.call("GET", path, "", Map.of("If-None-Match", first)).status());
        assertEquals(200, api.call("PUT", path, changed, ifMatch(first)).status());
        assertEquals(412, api.call("PUT", path, account, ifMatch(first)).status());
        assertEquals(412, api.call("DELETE", path, "", ifMatch(first)).status());
        assertEquals(4, api.get("users/" + name).json().path("maxSessions").asInt());
        String second = tag("users/" + name);
        assertEquals(200, api.call("PUT", path, changed, ifMatch(second)).status());
        assertEquals(second, tag("users/" + name), "the same account again");
        Map<String, String> onlyNew = Map.of("If-None-Match", "*");
        assertEquals(412, api.call("PUT", path, changed, onlyNew).status());
        assertEquals(
                200,
                api.call("DELETE", path, "", ifMatch("\"other\", " + second)).status());
        assertEquals(412, api.call("PUT", path, changed, ifMatch("*")).status());
        assertEquals(404, api.put("users/" + name, changed).status());
        assertEquals(200, api.call("PUT", path, changed, onlyNew).status());
        assertEquals(400, api.call("POST", "/api/v1/reload", "", ifMatch("*")).status());
    }

    @Test
    @DisplayName("settings and the switch to read-only have versions, too")
    void versionsOfSettings() throws Exception {
        String path = "/api/v1/settings/limits.max-sessions-per-node";
        Map<String, String> onlyNew = Map.of("If-None-Match", "*");
        assertEquals(200, api.call("PUT", path, "{\"value\":\"5\"}", onlyNew).status());
        assertEquals(412, api.call("PUT", path, "{\"value\":\"6\"}", onlyNew).status());
        String tag = tag("settings/limits.max-sessions-per-node");
        assertEquals(
                200, api.call("PUT", path, "{\"value\":\"6\"}", ifMatch(tag)).status());
        assertEquals(412, api.call("DELETE", path, "", ifMatch(tag)).status());
        assertEquals(200, api.call("DELETE", path, "").status());
        String off = tag("read-only");
        assertEquals(
                200,
                api.call("PUT", "/api/v1/read-only", "{\"reason\":\"a\"}", ifMatch(off))
                        .status());
        assertEquals(
                412,
                api.call("PUT", "/api/v1/read-only", "{\"reason\":\"b\"}", ifMatch(off))
                        .status());
        String on = tag("read-only");
        assertEquals(
                200, api.call("PUT", "/api/v1/read-only", "{\"reason\":\"a\"}").status());
        assertEquals(on, tag("read-only"), "the same reason again changes nothing");
        assertEquals(
                200, api.call("DELETE", "/api/v1/read-only", "", ifMatch(on)).status());
    }

    @Test
    @DisplayName("a token has an end and a scope, and tells its holder when one of them is in the way")
    void tokens() throws Exception {
        String scoped = flotilla("token", "add", "sam", "--role", "admin", "--scope", "sessions,users,nodes/node-1")
                .out()
                .strip();
        assertEquals(200, api.with(scoped).get("sessions").status());
        assertEquals(200, api.with(scoped).get("openapi.json").status());
        assertEquals(404, api.with(scoped).get("users/nobody").status());
        assertEquals("forbidden", api.with(scoped).get("nodes").code());
        assertEquals(
                "forbidden", api.with(scoped).post("nodes/node-2/undrain", "").code());
        String detail = api.with(scoped).get("bans").json().path("detail").asText();
        assertEquals("the token sam is only for sessions, users, nodes/node-1", detail);
        String brief = flotilla("token", "add", "eva", "--expires", "1s").out().strip();
        Await.until("the end", () -> api.with(brief).get("sessions").code().equals("expired"));
        Api.Answer over = api.with(brief).get("sessions");
        assertEquals(401, over.status());
        assertTrue(over.json().path("detail").asText().startsWith("the token eva expired at "), over.text());
        String list = flotilla("token", "list").out();
        assertTrue(list.contains("sessions,users,nodes/node-1") && list.contains("(over)"), list);
        assertEquals(
                1,
                flotilla("token", "add", "max", "--expires", "2000-01-01T00:00:00Z")
                        .exit());
        assertEquals(1, flotilla("token", "add", "max", "--scope", "no thing").exit());
    }

    private Command.Result flotilla(String... arguments) {
        return Command.run(server, arguments);
    }

    @Test
    @DisplayName(
            "the record of a change is written before its answer, with what was before and is after, without secrets")
    void audit() throws Exception {
        String name = server.newAccount().name();
        String account = api.get("users/" + name).text().strip();
        String changed = account.replace("\"maxSessions\":0", "\"maxSessions\":4")
                .replaceFirst("}$", ",\"password\":\"correct horse battery\"}");
        api.put("users/" + name, changed);
        List<String> lines = Files.readAllLines(server.dataDirectory().resolve("audit.json"));
        String line = lines.stream()
                .filter(one -> one.contains("\"action\":\"user-set\",\"target\":\"" + name + "\""))
                .findFirst()
                .orElseThrow();
        assertTrue(
                line.contains("\"node\":\"node-1\",\"who\":\"local\"")
                        && line.contains("\"changed\":[\"password\",\"maxSessions\"],"
                                + "\"before\":{\"maxSessions\":0},\"after\":{\"maxSessions\":4},\"result\":\"ok\""),
                line);
        assertFalse(line.contains("argon2") || line.contains("battery"), line);
    }

    @Test
    @DisplayName("while no record can be written, the answer says so and later changes are refused")
    void noRecord() throws Exception {
        try (ServerProcess full = ServerProcess.start("flotilla.log.audit=/dev/full")) {
            Api there = Api.local(full);
            assertEquals(
                    "not-recorded",
                    there.post("bans", "{\"address\":\"192.0.2.1\"}").code());
            Api.Answer refused = there.post("bans", "{\"address\":\"192.0.2.2\"}");
            assertEquals("503 audit-unavailable", refused.status() + " " + refused.code());
            assertEquals(1, there.get("bans").json().path("total").asInt());
        }
    }
}
