package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code flotilla cert} writes and says, beside what openssl reads and says. */
class CertificateCommandsTest {
    @TempDir
    static Path work;

    private static TestCa ca;
    private static TestCa other;

    @BeforeAll
    static void makeAuthorities() throws Exception {
        ca = TestCa.create(work.resolve("ca"), "Test CA");
        other = TestCa.create(work.resolve("other"), "Other CA");
    }

    private static Command.Result cert(String... arguments) {
        List<String> all = new ArrayList<>(List.of("cert"));
        all.addAll(List.of(arguments));
        return Command.run(all.toArray(String[]::new));
    }

    private static String made(String... arguments) {
        Command.Result result = cert(arguments);
        assertEquals(0, result.exit(), result.err());
        return result.out();
    }

    private static Program.Result openssl(String... arguments) throws Exception {
        return Program.of(work, "openssl").with(arguments).run();
    }

    @ParameterizedTest(name = "a new certificate has the key that was asked for: {0}")
    @CsvSource({"ec,256", "rsa,3072", "rsa2048,2048", "rsa3072,3072", "rsa4096,4096"})
    void keys(String key, String bits) throws Exception {
        String file = work.resolve("new-" + key + ".pem").toString();
        made("new", "--dns", "ftp.test", "--ip", "127.0.0.1", "--key", key, file);
        String text = openssl("x509", "-in", file, "-noout", "-text").ok().output();
        assertTrue(text.contains("Public-Key: (" + bits + " bit)"), text);
        assertTrue(text.contains("DNS:ftp.test, IP Address:127.0.0.1"), text);
        assertTrue(text.contains("TLS Web Server Authentication"), text);
        assertTrue(
                text.contains(key.equals("ec") ? "Digital Signature\n" : "Digital Signature, Key Encipherment\n"),
                text);
        openssl("verify", "-purpose", "sslserver", "-CAfile", file, file).ok();
        Command.Result verified = cert("verify", "--ca", file, "--name", "ftp.test", file);
        assertEquals(0, verified.exit(), verified.out());
    }

    @Test
    @DisplayName("The subject is what --subject and the single options say")
    void subject() throws Exception {
        String file = work.resolve("subject.pem").toString();
        made("new", "--dns", "ftp.test", "--subject", "C=US,ST=State,L=City,O=Organization", file);
        openssl("x509", "-in", file, "-noout", "-subject")
                .ok()
                .containing("subject=C = US, ST = State, L = City, O = Organization, CN = ftp.test");
        made(
                "new",
                "--force",
                "--dns",
                "a.test",
                "--country",
                "DE",
                "--organization",
                "A, B \"x\"",
                "--common-name",
                "c",
                file);
        openssl("x509", "-in", file, "-noout", "-subject", "-nameopt", "RFC2253")
                .ok()
                .containing("subject=CN=c,O=A\\, B \\\"x\\\",C=DE");
        assertEquals(
                2, cert("new", "--dns", "a.test", "--country", "Germany", file).exit());
        Command.Result wrong = cert("new", "--force", "--dns", "a.test", "--subject", "C=US,Nothing=x", file);
        assertEquals(1, wrong.exit());
        assertTrue(wrong.err().contains("Nothing"), wrong.err());
    }

    @Test
    @DisplayName(
            "A request has names and a private key file, openssl verifies it, and the server serves its certificate")
    void request() throws Exception {
        Path csr = work.resolve("server.csr");
        Path key = work.resolve("server.key");
        made(
                "request",
                "--dns",
                "ftp.test",
                "--dns",
                "localhost",
                "--ip",
                "127.0.0.1",
                "--organization",
                "Example",
                csr.toString());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        String text = openssl("req", "-in", csr.toString(), "-verify", "-noout", "-text")
                .ok()
                .output();
        assertTrue(text.contains("verify OK") && text.contains("O = Example, CN = ftp.test"), text);
        assertTrue(text.contains("DNS:ftp.test, DNS:localhost, IP Address:127.0.0.1"), text);
        assertEquals(1, cert("request", "--dns", "x", csr.toString()).exit(), "is there already");
        Path signed = signed(ca, csr, "server.pem", "-days", "30");
        String chain = ca.certificate().toString();
        made("verify", signed.toString(), "--key", key.toString(), "--ca", chain, "--name", "localhost");
        try (ServerProcess server =
                ServerProcess.start("flotilla.tls.certificate=" + signed, "flotilla.tls.private-key=" + key)) {
            Program.of(work, "openssl", "s_client", "-verify_return_error", "-verify_hostname", "localhost", "-CAfile")
                    .with(chain, "-connect", "127.0.0.1:" + server.implicitPort())
                    .input("Q\n")
                    .run()
                    .ok();
        }
        Path both = Files.writeString(work.resolve("both.pem"), Files.readString(signed) + Files.readString(key));
        Path again = work.resolve("again.csr");
        made("request", "--dns", "ftp.test", "--present", both.toString(), again.toString());
        assertTrue(Files.notExists(work.resolve("again.key")), "no key is made");
        assertEquals(publicKey("req", again), publicKey("x509", signed));
    }

    private static String publicKey(String kind, Path file) throws Exception {
        return openssl(kind, "-in", file.toString(), "-noout", "-pubkey").ok().output();
    }

    private static Path signed(TestCa authority, Path csr, String name, String... options) throws Exception {
        Path file = work.resolve(name);
        Path directory = authority.certificate().getParent();
        Program.of(
                        directory,
                        "openssl",
                        "x509",
                        "-req",
                        "-copy_extensions",
                        "copyall",
                        "-CA",
                        "ca.pem",
                        "-CAkey",
                        "ca.key")
                .with("-CAcreateserial", "-in", csr.toString(), "-out", file.toString())
                .with(options)
                .run()
                .ok();
        return file;
    }

    @Test
    @DisplayName("verify says what is wrong in one line, and agrees with openssl")
    void findings() throws Exception {
        Path csr = work.resolve("v.csr");
        String key = work.resolve("v.key").toString();
        made("request", "--dns", "*.ftp.test", "--ip", "192.0.2.1", csr.toString());
        Path good = signed(ca, csr, "v.pem", "-days", "30");
        Path expired = signed(ca, csr, "old.pem", "-days", "-1");
        Path ofClients = work.resolve("c.pem");
        Files.copy(ca.issue("web", 30, "clientAuth").resolveSibling("web30clientAuth.pem"), ofClients);

        assertFindings(good, 0, "", "--key", key, "--ca", ca.certificate().toString(), "--name", "a.ftp.test");
        assertFindings(good, 0, "", "--key", key, "--ca", ca.certificate().toString(), "--name", "192.0.2.1");
        assertFindings(good, 1, "bad   names     ftp.test is not covered", "--name", "ftp.test");
        assertFindings(good, 1, "bad   names     a.b.ftp.test is not covered", "--name", "a.b.ftp.test");
        assertFindings(
                good,
                1,
                "bad   chain     does not lead",
                "--ca",
                other.certificate().toString());
        assertFindings(good, 0, "note  chain     does not lead to a public authority");
        assertFindings(
                good,
                1,
                "bad   key       does not belong",
                "--key",
                work.resolve("ca/ca.key").toString());
        assertFindings(expired, 1, "bad   dates     CN=*.ftp.test expired on ", "--key", key);
        assertFindings(ofClients, 1, "bad   names     no subject alternative name");
        assertFindings(ofClients, 1, "bad   purpose   not made for servers");
        assertFindings(ca.certificate(), 1, "bad   names     no subject");
        for (Path file : List.of(good, expired, ofClients)) {
            for (TestCa authority : List.of(ca, other)) {
                int theirs = openssl(
                                "verify",
                                "-purpose",
                                "sslserver",
                                "-CAfile",
                                authority.certificate().toString(),
                                file.toString())
                        .exit();
                int ours = cert("verify", "--ca", authority.certificate().toString(), file.toString())
                        .exit();
                assertEquals(theirs == 0, ours == 0, file + " by " + authority.certificate());
            }
        }
    }

    @Test
    @DisplayName("verify notices that an intermediate certificate is missing")
    void intermediate() throws Exception {
        Path sub = Files.createDirectories(work.resolve("sub"));
        Program.of(sub, "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
                .with("-keyout", "ca.key", "-out", "ca.csr", "-subj", "/CN=Sub CA")
                .with("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign")
                .run()
                .ok();
        Path authority = signed(ca, sub.resolve("ca.csr"), "sub/ca.pem", "-days", "30");
        Path csr = work.resolve("i.csr");
        made("request", "--dns", "i.test", csr.toString());
        Path leaf = work.resolve("i.pem");
        Program.of(sub, "openssl", "x509", "-req", "-copy_extensions", "copyall", "-CA", "ca.pem", "-CAkey", "ca.key")
                .with("-CAcreateserial", "-days", "30", "-in", csr.toString(), "-out", leaf.toString())
                .run()
                .ok();
        String root = ca.certificate().toString();
        assertFindings(leaf, 1, "bad   chain     does not lead", "--ca", root);
        Path bundle = Files.writeString(
                work.resolve("bundle.pem"), Files.readString(ca.certificate()) + Files.readString(authority));
        assertFindings(leaf, 1, "bad   chain     the file lacks CN=Sub CA", "--ca", bundle.toString());
        Path full = Files.writeString(work.resolve("full.pem"), Files.readString(leaf) + Files.readString(authority));
        assertFindings(full, 0, "ok    chain     leads to CN=Test CA", "--ca", root, "--name", "i.test");
    }

    private static void assertFindings(Path file, int exit, String line, String... options) {
        List<String> arguments = new ArrayList<>(List.of("verify", file.toString()));
        arguments.addAll(List.of(options));
        Command.Result result = cert(arguments.toArray(String[]::new));
        assertEquals(exit, result.exit(), result.out() + result.err());
        assertTrue(result.out().contains(line), result.out());
    }
}
