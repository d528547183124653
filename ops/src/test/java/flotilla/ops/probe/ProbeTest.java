package flotilla.ops.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.node.tls.KeyMaterial;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.e2e.WithServer;
import flotilla.ops.report.Level;
import flotilla.ops.report.Report;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code flotilla probe} against a real server, and against small ones that each do one thing wrong. */
@Timeout(120)
@WithServer
class ProbeTest {
    private static final String PASSWORD = "not-to-be-seen";

    private static Command.Result probe(int port, String... more) {
        List<String> all = new ArrayList<>(List.of("probe", "127.0.0.1", "--port", String.valueOf(port)));
        all.addAll(List.of(more));
        return Command.withInput(PASSWORD + "\n", all.toArray(String[]::new));
    }

    private static Command.Result probe(ServerProcess server, Account account, String... more) {
        List<String> all = new ArrayList<>(List.of("probe", "127.0.0.1", "--ca"));
        all.add(server.certificate().toString());
        all.addAll(List.of("--port", String.valueOf(server.explicitPort())));
        all.addAll(List.of("--implicit-port", String.valueOf(server.implicitPort())));
        all.addAll(List.of("--user", account.name(), "--password-stdin"));
        all.addAll(List.of(more));
        return Command.withInput(account.password() + "\n", all.toArray(String[]::new));
    }

    private static KeyMaterial key(Duration validity) throws Exception {
        return CertificateMaker.selfSigned(KeyKind.EC, List.of("localhost"), List.of("127.0.0.1"), validity);
    }

    /** Replies of a server whose login works. */
    private static Map<String, String> replies(String... more) {
        Map<String, String> replies = new HashMap<>(Map.of(
                "FEAT", "211 none",
                "USER", "331 Go on.",
                "PASS", "230 Welcome, " + PASSWORD,
                "PBSZ", "200 Fine.",
                "PROT", "200 Fine."));
        for (int i = 0; i < more.length; i += 2) {
            replies.put(more[i], more[i + 1]);
        }
        return replies;
    }

    private static void assertLine(Command.Result result, String regex) {
        String joined = result.out().replaceAll("\\R {20,}", " ");
        assertTrue(joined.lines().anyMatch(line -> line.matches("  " + regex)), result.out() + result.err());
    }

    @Test
    @DisplayName("probe finds nothing wrong with a good server, leaves no file, and prints no long line")
    void good(ServerProcess server) throws Exception {
        Account account = server.newAccount();
        Command.Result result = probe(server, account);
        assertEquals(0, result.exit(), result.out() + result.err());
        assertLine(result, "ok    handshake     TLSv1.3, TLS_[A-Z0-9_]+, [xX]25519.*");
        assertLine(result, "ok    TLS versions  Offered: TLSv1.2, TLSv1.3. Refused: TLSv1, TLSv1.1.");
        assertLine(result, "ok    chain .*");
        assertLine(result, "ok    EPSV .*");
        assertLine(result, "ok    PASV .*");
        assertLine(result, "ok    download      The same bytes came back.");
        assertLine(result, "ok    delete .*");
        assertLine(result, "ok    reuse 1.2     Resumed, but not required.");
        assertLine(result, "ok    reuse 1.3     Resumed, but not required.");
        assertTrue(result.out().contains("Port " + server.implicitPort() + ", TLS at once"), result.out());
        assertTrue(result.out().lines().allMatch(line -> line.length() <= 120), result.out());
        assertFalse(result.out().contains(account.password()), result.out());
        try (Stream<Path> left = Files.list(account.home())) {
            assertEquals(
                    List.of(),
                    left.filter(file -> file.getFileName().toString().startsWith("flotilla-probe"))
                            .toList());
        }
    }

    @Test
    @DisplayName("probe --json has every finding, and a wrong password is a failure that does not show it")
    void json(ServerProcess server) {
        Account account = server.newAccount();
        Command.Result result = probe(server, new Account(account.name(), PASSWORD, account.home()), "--json");
        assertEquals(1, result.exit(), result.out());
        assertTrue(result.out().contains("\"failed\" : true"), result.out());
        assertTrue(result.out().contains("\"what\" : \"login\""), result.out());
        assertFalse(result.out().contains(PASSWORD), result.out());
    }

    @Test
    @DisplayName("probe says that a server has no TLS, and does not send the password to it")
    void clear() throws Exception {
        try (FakeServer fake = new FakeServer("220 Hello.", replies(), Optional.empty())) {
            Command.Result result = probe(fake.port(), "--user", "alice", "--password-stdin");
            assertEquals(1, result.exit(), result.out());
            assertLine(result, "FAIL  AUTH TLS .*without TLS.*");
            assertLine(result, "warn  login         Not tried.*");
            assertFalse(result.out().contains("Welcome"), result.out());
        }
    }

    @Test
    @DisplayName("probe says that a port is closed; the implicit port may be, unless it was given")
    void closed() throws Exception {
        int free = Ports.free(1);
        Command.Result result = probe(free);
        assertEquals(1, result.exit(), result.out());
        assertLine(result, "FAIL  connect       127.0.0.1, port " + free + ": the connection was refused. .*");
        try (FakeServer fake = new FakeServer("220 Hello.", replies(), Optional.of(key(Duration.ofDays(90))))) {
            result = probe(fake.port(), "--implicit-port", String.valueOf(free));
            assertEquals(1, result.exit(), result.out());
            result = probe(fake.port());
            assertEquals(0, result.exit(), result.out());
            assertLine(result, "warn  connect .*, port 990: .*");
            assertLine(result, "ok    dates .*");
        }
    }

    @Test
    @DisplayName("probe warns of an address of the name that does not answer when another one does")
    void oneOfTwoAddresses() throws Exception {
        try (FakeServer fake = new FakeServer("220 Hello.", replies(), Optional.empty())) {
            ProbeSettings settings = new ProbeSettings(
                    "localhost",
                    fake.port(),
                    0,
                    false,
                    Optional.empty(),
                    Duration.ofSeconds(5),
                    List.of(),
                    Optional.empty());
            Report report = new Report(finding -> {});
            Dialer dialer = new Dialer(settings.from(), settings.timeout());
            new Entrance(settings, dialer, report, fake.port(), false, true)
                    .look(List.of(InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1")));
            assertEquals(Level.OK, report.findings().get(0).level());
            assertEquals(Level.WARN, report.findings().get(1).level());
            assertTrue(report.findings().get(1).text().startsWith("127.0.0.2, port "), report.toString());
        }
    }

    @Test
    @DisplayName("probe waits no longer than its timeout for a server that is silent")
    void silent() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Command.Result result = probe(silent.getLocalPort(), "--implicit-port", "0", "--timeout", "1s");
            assertEquals(1, result.exit(), result.out());
            assertLine(result, "FAIL  greeting      No greeting of FTP: no answer within 1 s\\. .*implicit.*");
        }
    }

    @Test
    @DisplayName("probe finds an expired certificate, and goes on")
    void expired() throws Exception {
        KeyMaterial old = key(Duration.ofDays(-1));
        try (FakeServer fake = new FakeServer("220 Hello.", replies(), Optional.of(old))) {
            Command.Result result = probe(fake.port());
            assertEquals(1, result.exit(), result.out());
            assertLine(result, "FAIL  dates .*expired on .*Renew.*");
            assertLine(result, "warn  chain .*self-signed.*");
            assertLine(result, "ok    TLS versions .*");
        }
    }

    @Test
    @DisplayName("probe warns of a certificate that ends soon, and has no other line for its dates")
    void endsSoon() throws Exception {
        try (FakeServer fake = new FakeServer("220 Hello.", replies(), Optional.of(key(Duration.ofDays(5))))) {
            Command.Result result = probe(fake.port());
            assertEquals(0, result.exit(), result.out());
            assertLine(result, "warn  dates         The certificate ends in 4 days. Renew it now.");
            assertFalse(result.out().contains("ok    dates"), result.out());
        }
    }

    @Test
    @DisplayName("probe finds a PASV address that leads elsewhere, and a passive port that does not answer")
    void wrongPassive() throws Exception {
        int free = Ports.free(1);
        String port = (free >> 8) + "," + (free & 0xff);
        Map<String, String> wrong =
                replies("EPSV", "229 Ok (|||" + free + "|)", "PASV", "227 Ok (127,1,2,3," + port + ")");
        try (FakeServer fake = new FakeServer("220 Hello.", wrong, Optional.of(key(Duration.ofDays(90))))) {
            Command.Result result = probe(fake.port(), "--user", "alice", "--password-stdin");
            assertEquals(1, result.exit(), result.out());
            assertLine(result, "FAIL  EPSV          Port " + free + ": the connection was refused. Open .*");
            assertLine(
                    result, "FAIL  PASV          The server tells 127.1.2.3, you dialled 127.0.0.1.*passive.address.*");
            assertLine(result, "warn  transfers .*");
            assertFalse(result.out().contains(PASSWORD), "the server's own words hold it: " + result.out());
        }
    }
}
