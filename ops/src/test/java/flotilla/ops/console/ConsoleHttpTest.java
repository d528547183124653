package flotilla.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.admin.Role;
import flotilla.ops.admin.TokenFile;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.local.LocalAddress;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What the console does for requests that no good browser makes. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleHttpTest {
    private static final int STREAMS = 2;

    private ServerProcess server;
    private TokenFile tokens;
    private URI url;
    private String viewer;
    private String operator;

    @BeforeAll
    void start() throws Exception {
        server = ServerProcess.start(
                "flotilla.admin.console.hosts=ftp-admin.example",
                "flotilla.admin.console.max-streams=" + STREAMS,
                "flotilla.admin.max-connections=12",
                "flotilla.admin.health-connections=4");
        url = URI.create(LocalAddress.read(LocalAddress.admin(server.dataDirectory()))
                .orElseThrow()
                .url());
        tokens = new TokenFile(server.dataDirectory().resolve("admin-tokens"));
        viewer = tokens.add("victor", Role.VIEWER);
        operator = tokens.add("olga", Role.OPERATOR);
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
    }

    private record Answer(String status, List<String> headers, String body) {
        String header(String name) {
            return headers.stream()
                    .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ": "))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst()
                    .orElse("");
        }
    }

    private String own() {
        return url.getHost() + ":" + url.getPort();
    }

    private Answer ask(String method, String path, String host, String body, String... headers) throws Exception {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(20_000);
            send(socket, method, path, host, body, headers);
            return read(socket.getInputStream());
        }
    }

    private static void send(Socket socket, String method, String path, String host, String body, String... headers)
            throws Exception {
        StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            text.append("Content-Type: application/x-www-form-urlencoded\r\n");
        }
        text.append("Connection: close\r\nContent-Length: ")
                .append(body.length())
                .append("\r\n\r\n")
                .append(body);
        socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Answer read(InputStream input) throws Exception {
        String all = new String(input.readAllBytes(), StandardCharsets.UTF_8);
        String[] parts = all.split("\r\n\r\n", 2);
        List<String> lines = List.of(parts[0].split("\r\n"));
        return new Answer(lines.get(0).split(" ")[1], lines.subList(1, lines.size()), parts[1]);
    }

    private String signIn(String token) throws Exception {
        Answer answer = ask("POST", "/console/sign-in", own(), "token=" + token, "Origin: http://" + own());
        assertEquals("303", answer.status(), answer.body());
        String cookie = answer.header("set-cookie");
        assertTrue(cookie.contains("; HttpOnly; SameSite=Strict"), cookie);
        return "Cookie: " + cookie.split(";")[0];
    }

    private String csrf(String cookie) throws Exception {
        Matcher field = Pattern.compile("name=\"csrf\" value=\"([0-9a-f]{64})\"")
                .matcher(ask("GET", "/console/bans", own(), "", cookie).body());
        assertTrue(field.find());
        return field.group(1);
    }

    @Test
    @DisplayName(
            "forms without the text of the sign-in, from another origin or beyond the role are refused and on record")
    void forged() throws Exception {
        String cookie = signIn(operator);
        String origin = "Origin: http://" + own();
        String ban = "address=203.0.113.9&for=PT1H";
        assertEquals(
                "403", ask("POST", "/console/bans", own(), ban, cookie, origin).status());
        String good = ban + "&csrf=" + csrf(cookie);
        assertEquals(
                "403",
                ask("POST", "/console/bans", own(), good, cookie, "Origin: http://evil.example")
                        .status());
        assertEquals("403", ask("POST", "/console/bans", own(), good, cookie).status());
        assertEquals("303", ask("POST", "/console/bans", own(), good, origin).status());
        assertFalse(ask("GET", "/console/bans", own(), "", cookie).body().contains("203.0.113.9"));

        String other = signIn(viewer);
        Answer refused = ask("POST", "/console/bans", own(), ban + "&csrf=" + csrf(other), other, origin);
        assertEquals("403", refused.status());
        Await.until("the record", () -> Files.readString(server.dataDirectory().resolve("audit.json"))
                .lines()
                .anyMatch(line -> line.contains("\"who\":\"victor\"") && line.contains("\"result\":\"forbidden\"")));
        assertEquals(
                "303", ask("POST", "/console/bans", own(), good, cookie, origin).status());
        assertTrue(ask("GET", "/console/bans", own(), "", cookie).body().contains("203.0.113.9"));
    }

    @Test
    @DisplayName(
            "only names of this server are answered, with a strict policy and assets that a browser keeps for ever")
    void headers() throws Exception {
        assertEquals(
                "421", ask("GET", "/console/sign-in", "rebound.example", "").status());
        assertEquals(
                "400",
                ask("POST", "/console/sign-in", own(), "token=%zz", "Origin: http://" + own())
                        .status());
        Answer page = ask("GET", "/console/sign-in", "ftp-admin.example", "");
        assertEquals("200", page.status());
        String policy = page.header("content-security-policy");
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertEquals("nosniff", page.header("x-content-type-options"));
        Matcher script = Pattern.compile("src=\"([^\"]+console.js)\"").matcher(page.body());
        assertTrue(script.find());
        Answer asset = ask("GET", script.group(1), own(), "");
        assertTrue(asset.header("cache-control").contains("immutable"));
        assertEquals(
                "304",
                ask("GET", script.group(1), own(), "", "If-None-Match: " + asset.header("etag"))
                        .status());
        assertEquals(
                "404", ask("GET", "/console/assets/x/console.js", own(), "").status());
        assertEquals("303", ask("GET", "/", own(), "").status());
        assertEquals("303", ask("GET", "/console/sessions", own(), "").status());
        assertEquals("401", ask("GET", "/console/live/sessions", own(), "").status());
    }

    @Test
    @DisplayName("a sign-in ends with its token, and wrong tokens make an address wait")
    void tokens() throws Exception {
        String cookie = signIn(tokens.add("temp", Role.VIEWER));
        assertEquals("200", ask("GET", "/console/nodes", own(), "", cookie).status());
        tokens.remove("temp");
        Await.until(
                "the end",
                () -> ask("GET", "/console/nodes", own(), "", cookie).status().equals("303"));
        try (Socket another = new Socket()) {
            another.bind(new java.net.InetSocketAddress("127.0.0.77", 0));
        }
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            answers.add(fromElsewhere("wrong"));
        }
        assertEquals(List.of("401", "401", "401", "401", "401", "429"), answers);
        assertEquals("303", fromElsewhere(viewer));
    }

    @Test
    @DisplayName("a form that was opened before somebody else changed the account saves nothing, and shows the change")
    void overtaken() throws Exception {
        String cookie = signIn(tokens.add("ada", Role.ADMINISTRATOR));
        String origin = "Origin: http://" + own();
        String csrf = "&csrf=" + csrf(cookie);
        String fields = "&maxSessions=0&quotaFiles=0&quotaBytes=";
        String added = "name=carol&enabled=on&password=a-long-Password-17" + fields + "0" + csrf;
        assertEquals(
                "303",
                ask("POST", "/console/users", own(), added, cookie, origin).status());
        Matcher version = Pattern.compile("name=\"version\" value=\"[^ >]*?([0-9a-f]{32})")
                .matcher(ask("GET", "/console/users/carol", own(), "", cookie).body());
        assertTrue(version.find());
        String seen = "&version=%22" + version.group(1) + "%22" + csrf;
        String disabled = "home=carol" + fields + "0" + seen;
        assertEquals(
                "303",
                ask("POST", "/console/users/carol", own(), disabled, cookie, origin)
                        .status());
        String stale = "home=carol&enabled=on" + fields + "4711" + seen;
        Answer answer = ask("POST", "/console/users/carol", own(), stale, cookie, origin);
        assertEquals("412", answer.status());
        assertTrue(answer.body().contains("changed by somebody else"), answer.body());
        String now = ask("GET", "/console/users/carol", own(), "", cookie).body();
        assertFalse(now.contains("4711"), now);
        assertTrue(ask("GET", "/console/users", own(), "", cookie).body().contains("disabled"));
    }

    /** Returns the status of a sign-in from an address that no other test uses. */
    private String fromElsewhere(String token) throws Exception {
        try (Socket socket = new Socket()) {
            socket.bind(new java.net.InetSocketAddress("127.0.0.77", 0));
            socket.connect(new java.net.InetSocketAddress(url.getHost(), url.getPort()));
            send(socket, "POST", "/console/sign-in", own(), "token=" + token, "Origin: http://" + own());
            return read(socket.getInputStream()).status();
        }
    }

    @Test
    @DisplayName("feeds are bounded, leave the API its connections, end with the sign-in, and wait for no request")
    void feeds() throws Exception {
        String cookie = signIn(viewer);
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < STREAMS; i++) {
                Socket socket = new Socket(url.getHost(), url.getPort());
                open.add(socket);
                socket.setSoTimeout(20_000);
                send(socket, "GET", "/console/live/sessions", own(), "", cookie);
                assertTrue(awaitEvent(socket, "picture").contains("0 sessions"));
            }
            Socket third = new Socket(url.getHost(), url.getPort());
            open.add(third);
            third.setSoTimeout(20_000);
            send(third, "GET", "/console/live/nodes", own(), "", cookie);
            assertEquals("{}", awaitEvent(third, "full"));
            assertEquals("200", ask("GET", "/live", own(), "").status());
            assertEquals("200", ask("GET", "/console/nodes", own(), "", cookie).status());
            ask("POST", "/console/sign-out", own(), "csrf=" + csrf(cookie), cookie, "Origin: http://" + own());
            assertEquals("{}", awaitEvent(open.get(0), "out"));
            assertEquals("{}", awaitEvent(open.get(1), "out"));
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static String awaitEvent(Socket socket, String name) throws Exception {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals("event: " + name)) {
                return lines.readLine().substring("data: ".length());
            }
        }
        throw new AssertionError("no event " + name);
    }
}
