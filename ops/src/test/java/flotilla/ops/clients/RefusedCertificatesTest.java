package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertFalse;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The errors that a client gets when TLS refuses, and the lines about it in the log. */
class RefusedCertificatesTest {
    @TempDir
    static Path work;

    private static ServerProcess server;
    private static TestCa ca;
    private static TestCa otherCa;
    /** The log has at most one line a minute for each address. */
    private static int address = 10;

    @BeforeAll
    static void start() throws Exception {
        ca = TestCa.create(work.resolve("ca"), "Test CA");
        otherCa = TestCa.create(work.resolve("other"), "Other CA");
        server = ServerProcess.start(
                "flotilla.tls.client-certificates=require", "flotilla.tls.client-ca=" + ca.certificate());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Program.Result connect(String from, String... with) throws Exception {
        return Program.of(work, "openssl", "s_client", "-quiet", "-bind", from + ":0", "-connect")
                .with("127.0.0.1:" + server.implicitPort())
                .with(with)
                .input("QUIT\r\n")
                .run();
    }

    private static void assertRefused(String alert, String logged, String... with) throws Exception {
        String from = "127.0.0." + ++address;
        connect(from, with).exits(1).containing("alert " + alert);
        String begin = "control connection of /" + from + ": ";
        Await.until("a line with \"" + logged + "\"", () -> server.errors()
                .lines()
                .anyMatch(line -> line.contains(begin + "TLS handshake failed: ") && line.contains(logged)));
    }

    private static String[] presenting(Path pkcs12, String version) {
        String file = pkcs12.toString().replace(".p12", "");
        return new String[] {version, "-cert", file + ".pem", "-key", file + ".key"};
    }

    @ParameterizedTest(name = "A-TLS-17 a refused certificate has its own alert, and the log names the cause: {0}")
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void certificates(String version) throws Exception {
        assertRefused(
                "unknown ca",
                "certificate of CN=mallory: its issuer is not in tls.client-ca: CN=Other CA",
                presenting(otherCa.issue("mallory", 30), version));
        assertRefused(
                "unknown ca",
                "certificate of CN=Other CA: self-signed, and not in tls.client-ca",
                version,
                "-cert",
                otherCa.certificate().toString(),
                "-key",
                otherCa.certificate().resolveSibling("ca.key").toString());
        assertRefused(
                "unsupported certificate",
                "certificate of CN=web: not made for clients",
                presenting(ca.issue("web", 30, "serverAuth"), version));
        assertRefused("certificate expired", "certificate of CN=old: ", presenting(ca.issue("old", -1), version));
        assertFalse(server.errors().contains("OpenSslEngine"), server::errors);
        connect("127.0.0.1", presenting(ca.issue("good", 30, "clientAuth"), version))
                .ok()
                .containing("220 ")
                .containing("221 ");
    }

    @Test
    @DisplayName("A-TLS-21 a client that offers other protocols than FTP gets the alert no_application_protocol")
    void applicationProtocols() throws Exception {
        assertRefused(
                "no application protocol",
                "the client offers other protocols than FTP: h2, http/1.1",
                "-alpn",
                "h2,http/1.1");
    }
}
