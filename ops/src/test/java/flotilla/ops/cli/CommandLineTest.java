package flotilla.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.clients.OpenSsl;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.EndToEnd;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.NodeCertificate;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@code flotilla} command within this JVM, against a server in a process of its own. */
class CommandLineTest extends EndToEnd {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Command.Result check(String... lines) throws Exception {
        Path file = directory.resolve("flotilla.conf");
        Files.write(file, List.of(lines));
        return Command.run("check", file.toString());
    }

    @Test
    @DisplayName("check accepts a good file")
    void checkAccepts() throws Exception {
        Command.Result result =
                check("flotilla {", "  limits.max-sessions = 10", "  passive.ports = \"41000-41010\"", "}");
        assertEquals(0, result.exit(), result.err());
    }

    @ParameterizedTest(name = "check refuses {0} = {1} with file, line and key")
    @CsvSource(
            delimiter = ';',
            value = {
                "limits.max-session; 10",
                "limits.max-sessions; many",
                "limits.max-sessions; -1",
                "limits.idle-timeout; 5 parsecs",
                "tls.required; perhaps",
                "tls.data-session-reuse; sometimes",
                "passive.ports; \"50010-50000\"",
                "passive.ports; \"70000\"",
                "listeners.bind; [\"not an address\"]",
                "listeners.explicit.port; 65536",
                "storage.file-mode; \"0999\"",
                "proxy-trusted; [\"10.0.0.0/99\"]",
                "proxy-protocol; maybe",
                "placement; anywhere",
                "node.roles; [\"gateway\"]",
                "cluster.bind; \"0.0.0.0\"",
                "cluster.bind; \"192.0.2.1\"",
                "cluster.seeds; [\"node-1\"]",
                "cluster.name; \"two words\"",
                "cluster.lease.wait; 8s",
                "cluster.key-file; \"/does/not/exist.key\"",
                "tls.certificate; \"/does/not/exist.pem\"",
                "listeners.explicit.tls; sometimes",
                "listeners.implicit.data-tls; maybe",
                "tls.client-crl; \"/does/not/exist.crl\"",
                "limits.max-digests; 0",
                "drain.transfers; -1s"
            })
    void checkRefuses(String key, String value) throws Exception {
        Command.Result result =
                check("# a comment", "flotilla {", "  node.name = \"x\"", "  " + key + " = " + value, "}");
        assertEquals(78, result.exit(), result.err());
        assertTrue(result.err().contains("flotilla.conf:4"), result.err());
        assertTrue(result.err().contains("flotilla." + key), result.err());
    }

    @Test
    @DisplayName("check refuses seeds without certificates, also on one machine, and says how to make them")
    void checkSeedsNeedCertificates() throws Exception {
        Command.Result result = check(
                "flotilla.cluster { port = 7355, seeds = [\"127.0.0.1:7355\"] }",
                "flotilla.users.jdbc-url = \"jdbc:postgresql://db/flotilla\"");
        assertEquals(78, result.exit(), result.err());
        assertTrue(result.err().contains("flotilla.cluster.tls.ca"), result.err());
        assertTrue(result.err().contains("flotilla cert node"), result.err());
        assertFalse(result.err().contains("key-file"), result.err());
        assertTrue(
                result.err().contains("flotilla.tls.certificate is needed")
                        || result.err().contains("flotilla.tls.certificate: is needed"),
                result.err());
    }

    @Test
    @DisplayName("check finds ports that overlap, and says every problem at once")
    void checkFindsAll() throws Exception {
        Command.Result result = check(
                "flotilla {", "  listeners.implicit.port = 2121", "  passive.ports = \"2121-2130\"", "  what = 1", "}");
        assertEquals(78, result.exit());
        assertTrue(
                result.err().contains("flotilla.listeners.implicit.port")
                        && result.err().contains("overlaps"),
                result.err());
        assertTrue(result.err().contains("flotilla.passive.ports"), result.err());
        assertTrue(result.err().contains("flotilla.what"), result.err());
    }

    @Test
    @DisplayName(
            "check finds demands that contradict each other: data TLS without TLS, sessions that outlive their tickets")
    void checkContradictions() throws Exception {
        Command.Result data = check("flotilla.listeners.explicit {", "  tls = off", "  data-tls = required", "}");
        assertEquals(78, data.exit());
        assertTrue(data.err().contains("flotilla.listeners.explicit.data-tls"), data.err());
        assertEquals(0, check("flotilla.listeners.explicit.tls = off").exit());
        Command.Result tickets =
                check("flotilla.tls.data-session-reuse = require", "flotilla.tls.ticket-rotation = 1h");
        assertEquals(78, tickets.exit());
        assertTrue(tickets.err().contains("flotilla.limits.session-lifetime"), tickets.err());
        assertEquals(0, check("flotilla.tls.data-session-reuse = require").exit());
        assertEquals(0, check("flotilla.tls.ticket-rotation = 1h").exit());
    }

    @Test
    @DisplayName("check refuses nodes of a cluster that would each keep accounts of their own")
    void checkWantsASharedDatabase() throws Exception {
        for (String url : List.of("", "jdbc:h2:file:/srv/users", "jdbc:h2:mem:users", "jdbc:h2:~/users")) {
            Command.Result own = cluster(url);
            assertEquals(78, own.exit(), url);
            assertTrue(
                    own.err().contains("flotilla.users.jdbc-url: must name a database that all nodes share"),
                    own.err());
        }
        for (String url : List.of(
                "jdbc:postgresql://db/flotilla", "jdbc:h2:tcp://db/users", "jdbc:h2:/srv/users;AUTO_SERVER=TRUE")) {
            assertEquals(0, cluster(url).exit(), url);
        }
    }

    private Command.Result cluster(String url) throws Exception {
        List<String> lines = new ArrayList<>(NodeCertificate.settings(directory));
        lines.add("flotilla.cluster { port = 7355, seeds = [\"127.0.0.1:7355\"] }");
        lines.add("flotilla.users.jdbc-url = \"" + url + '"');
        return check(lines.toArray(String[]::new));
    }

    @Test
    @DisplayName("check refuses what is no file, no HOCON, no key of --set")
    void checkRefusesFiles() throws Exception {
        assertEquals(
                78,
                Command.run("check", directory.resolve("missing.conf").toString())
                        .exit());
        assertEquals(78, check("flotilla { limits {").exit());
        Command.Result set = Command.run("check", "--set", "flotilla.limits.nope=1");
        assertEquals(78, set.exit());
        assertTrue(set.err().contains("flotilla.limits.nope"), set.err());
        assertEquals(2, Command.run("frobnicate").exit());
    }

    @Test
    @DisplayName("check refuses a key of another certificate, naming the key in the configuration and its line")
    void mismatchedKey() throws Exception {
        assertEquals(
                0,
                Command.run(
                                "cert",
                                "new",
                                "--dns",
                                "a.test",
                                directory.resolve("a.pem").toString())
                        .exit());
        assertEquals(
                0,
                Command.run(
                                "cert",
                                "new",
                                "--dns",
                                "b.test",
                                directory.resolve("b.pem").toString())
                        .exit());
        Command.Result result = check(
                "flotilla.tls {",
                "  certificate = \"" + directory.resolve("a.pem") + '"',
                "  private-key = \"" + directory.resolve("b.pem") + '"',
                "}");
        assertEquals(78, result.exit());
        assertTrue(
                result.err().contains("flotilla.conf:2") && result.err().contains("flotilla.tls.certificate"),
                result.err());
    }

    @ParameterizedTest(name = "accounts are managed with the server {0}")
    @ValueSource(strings = {"running", "stopped"})
    void accounts(String state) throws Exception {
        Path data = state.equals("running") ? server.dataDirectory() : directory.resolve("data");
        String name = "cli-" + state;
        Command.Result added = Command.withInput(
                "pass word\n", data, "user", "add", name, "--home", "h", "--password-stdin", "--quota", "10M");
        assertEquals(0, added.exit(), added.err());
        assertFalse(added.out().contains("pass word"));
        assertEquals(1, Command.run(data, "user", "add", name).exit(), "exists already");
        assertTrue(Command.run(data, "user", "list").out().matches("(?s).*" + name + " +enabled +h.*"));
        assertEquals(
                0,
                Command.withInput("new password\n", data, "user", "passwd", name, "--password-stdin")
                        .exit());
        Command.Result generated = Command.run(data, "user", "passwd", name);
        assertTrue(generated.out().matches("(?s).*Password: \\S{16,}.*"), generated.out());
        assertEquals(
                0,
                Command.run(data, "user", "set", name, "--read-only", "--max-sessions", "2", "--network", "127.0.0.0/8")
                        .exit());
        assertEquals(
                1,
                Command.run(data, "user", "set", name, "--network", "nowhere").exit());
        assertEquals(
                1, Command.run(data, "user", "set", name, "--quota", "lots").exit());
        Command.Result shown = Command.run(data, "user", "show", name);
        assertTrue(
                shown.out()
                        .matches("(?s).*state +enabled.*--expires +never.*--read-only +true.*--network +127.0.0.0/8"
                                + ".*--max-sessions +2\\s.*--quota +10485760.*"),
                shown.out());
        Command.Result json = Command.run(data, "user", "show", name, "--json");
        assertTrue(json.out().contains("\"maxSessions\" : 2"), json.out());
        assertFalse((shown.out() + json.out()).contains("argon2"), json.out());
        assertEquals(0, Command.run(data, "user", "disable", name).exit());
        assertTrue(Command.run(data, "user", "list").out().matches("(?s).*" + name + " +disabled +h.*"));
        assertEquals(0, Command.run(data, "user", "enable", name).exit());
        assertEquals(
                0,
                Command.run(data, "user", "set", name, "--expires", "2020-01-31")
                        .exit());
        assertTrue(Command.run(data, "user", "list").out().matches("(?s).*" + name + " +expired +h.*"));
        assertEquals(1, Command.run(data, "user", "show", "nobody-there").exit());
        assertEquals(0, Command.run(data, "user", "remove", name).exit());
        assertEquals(1, Command.run(data, "user", "remove", name).exit());
        assertFalse(Command.run(data, "user", "list").out().contains(name));
    }

    @Test
    @DisplayName("changes of the command line hold for the next login of a running server")
    void changesTakeEffect() throws Exception {
        assertEquals(
                0,
                Command.withInput("one and one\n", server.dataDirectory(), "user", "add", "effect", "--password-stdin")
                        .exit());
        Account one = new Account("effect", "one and one", server.storage().resolve("effect"));
        login(one).command("PWD").expect(257);
        assertEquals(
                0,
                Command.withInput(
                                "two and two\n", server.dataDirectory(), "user", "passwd", "effect", "--password-stdin")
                        .exit());
        assertEquals(530, pass(one));
        login(new Account("effect", "two and two", one.home()));
        assertEquals(0, Command.run(server, "user", "disable", "effect").exit());
        assertEquals(530, pass(new Account("effect", "two and two", one.home())));
        assertEquals(
                0,
                Command.run(server, "user", "set", "effect", "--enabled=true").exit());
        login(new Account("effect", "two and two", one.home()));
        assertEquals(0, Command.run(server, "user", "remove", "effect").exit());
        assertEquals(530, pass(new Account("effect", "two and two", one.home())));
    }

    private int pass(Account who) throws Exception {
        FtpDriver ftp = secured();
        ftp.command("USER " + who.name()).expect(331);
        return ftp.command("PASS " + who.password()).code();
    }

    @ParameterizedTest(name = "cert new makes a certificate with an {0} key that the server takes, cert show shows it")
    @ValueSource(strings = {"ec", "rsa"})
    void certificates(String kind) throws Exception {
        Path pem = directory.resolve("server.pem");
        assertEquals(
                0,
                Command.run(
                                "cert",
                                "new",
                                "--key",
                                kind,
                                "--dns",
                                "ftp.test",
                                "--ip",
                                "127.0.0.1",
                                "--days",
                                "10",
                                pem.toString())
                        .exit());
        assertEquals(
                "rw-------", java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(pem)));
        assertEquals(
                1, Command.run("cert", "new", "--dns", "x.test", pem.toString()).exit(), "is there already");
        assertEquals(
                2,
                Command.run("cert", "new", directory.resolve("none.pem").toString())
                        .exit(),
                "no name");
        Command.Result shown = Command.run("cert", "show", pem.toString());
        assertEquals(0, shown.exit(), shown.err());
        assertTrue(
                shown.out().contains("ftp.test, 127.0.0.1")
                        && shown.out().contains(kind.toUpperCase(java.util.Locale.ROOT)),
                shown.out());
        assertFalse(shown.out().contains("PRIVATE"));
        assertServes(pem, "flotilla.tls.certificate=" + pem);
    }

    @Test
    @DisplayName("key and chain may stand in one PEM in any order, in two files, or in PKCS#12")
    void certificateForms() throws Exception {
        Path pem = directory.resolve("server.pem");
        assertEquals(
                0,
                Command.run("cert", "new", "--ip", "127.0.0.1", pem.toString()).exit());
        OpenSsl openssl = new OpenSsl(directory);
        Path key = openssl.run("key.pem", "pkey", "-in", "server.pem", "-out", "key.pem");
        Path certificate = openssl.run("cert.pem", "x509", "-in", "server.pem", "-out", "cert.pem");
        Path p12 = openssl.run(
                "server.p12",
                "pkcs12",
                "-export",
                "-in",
                "server.pem",
                "-out",
                "server.p12",
                "-passout",
                "pass:secret");
        Path keyFirst = Files.writeString(
                directory.resolve("key-first.pem"), Files.readString(key) + Files.readString(certificate));
        Path keyLast = Files.writeString(
                directory.resolve("key-last.pem"), Files.readString(certificate) + Files.readString(key));
        for (Path combined : List.of(keyFirst, keyLast)) {
            assertEquals(
                    0,
                    Command.run("check", "--set", "flotilla.tls.certificate=" + combined)
                            .exit(),
                    combined.toString());
        }
        assertEquals(
                0,
                Command.run(
                                "check",
                                "--set",
                                "flotilla.tls.certificate=" + certificate,
                                "--set",
                                "flotilla.tls.private-key=" + key)
                        .exit());
        assertEquals(
                78,
                Command.run(
                                "check",
                                "--set",
                                "flotilla.tls.certificate=" + p12,
                                "--set",
                                "flotilla.tls.key-password=wrong")
                        .exit());
        Command.Result shown = Command.withInput("secret\n", "cert", "show", "--password-stdin", p12.toString());
        assertEquals(0, shown.exit(), shown.err());
        assertServes(certificate, "flotilla.tls.certificate=" + p12, "flotilla.tls.key-password=secret");
        assertEquals(
                78,
                Command.run("check", "--set", "flotilla.tls.certificate=" + key).exit(),
                "no certificate in it");
    }

    private static void assertServes(Path trusted, String... settings) throws Exception {
        try (ServerProcess own = ServerProcess.start(settings);
                FtpDriver ftp = FtpDriver.loggedIn(own, ClientTls.trusting(trusted), own.newAccount())) {
            assertEquals(0, ftp.listing("MLSD").size());
        }
    }

    @Test
    @DisplayName("A-CTL-22 SIGTERM tells sessions 421, ends the process, and frees its ports")
    void terminates() throws Exception {
        ServerProcess own = ServerProcess.start();
        try (own) {
            FtpDriver idle = closing(FtpDriver.loggedIn(own, ClientTls.trusting(own.certificate()), own.newAccount()));
            own.terminate();
            idle.reply().expect(421);
            assertTrue(idle.isClosedByServer());
            int exit = own.stop();
            assertTrue(exit == 0 || exit == 143, "exit code " + exit);
        }
        try (java.net.ServerSocket free = new java.net.ServerSocket()) {
            free.setReuseAddress(true);
            free.bind(new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), own.explicitPort()));
            assertTrue(free.isBound());
        }
    }
}
