package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A certificate with an RSA key and one with an EC key for the same name, in files of the same name, and another for
 * another name.
 */
class CertificateKindsTest {
    private static final String ONLY_RSA = "ECDHE-RSA-AES128-GCM-SHA256";

    @TempDir
    static Path work;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        Path rsa = made("rsa", "rsa", "ftp.test");
        Path other = made("other", "rsa", "other.test");
        Path ec = made("ec", "ec", "ftp.test");
        server = ServerProcess.start(
                "flotilla.tls.data-session-reuse=require",
                "flotilla.tls.certificate=" + rsa,
                "flotilla.tls.additional=[{certificate=\"" + other + "\"},{certificate=\"" + ec + "\"}]");
        Program.file(work.resolve("a"), 100_000);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Path made(String directory, String key, String name) throws Exception {
        Path file = Files.createDirectories(work.resolve(directory)).resolve("fullchain.pem");
        Command.Result made = Command.run("cert", "new", "--dns", name, "--key", key, file.toString());
        assertEquals(0, made.exit(), made.err());
        return file;
    }

    @ParameterizedTest(name = "the client decides between certificates for one name: {0}, {1} gets {2}")
    @CsvSource({
        "ftp.test,   -tls1_3, ec",
        "ftp.test,   -tls1_2, ec",
        "ftp.test,   -tls1_2 -cipher " + ONLY_RSA + ", rsa",
        "ftp.test,   -tls1_3 -sigalgs rsa_pss_rsae_sha256, rsa",
        "ftp.test,   -tls1_2 -sigalgs rsa_pkcs1_sha256, rsa",
        "ftp.test,   -tls1_2 -groups X25519, rsa",
        "none.test,  -tls1_3, ec",
        "none.test,  -tls1_2 -cipher " + ONLY_RSA + ", rsa",
        "other.test, -tls1_3, other"
    })
    void choice(String name, String options, String expected) throws Exception {
        for (List<String> where : List.of(
                List.of("127.0.0.1:" + server.implicitPort()),
                List.of("127.0.0.1:" + server.explicitPort(), "-starttls", "ftp"))) {
            String shown = Program.of(work, "openssl", "s_client", "-servername", name)
                    .with(options.split(" "))
                    .with("-connect")
                    .with(where.toArray(String[]::new))
                    .input("Q\n")
                    .run()
                    .ok()
                    .output();
            assertEquals(
                    firstCertificate(Files.readString(work.resolve(expected).resolve("fullchain.pem"))),
                    firstCertificate(shown));
        }
    }

    private static String firstCertificate(String text) {
        String end = "-----END CERTIFICATE-----";
        return text.substring(text.indexOf("-----BEGIN CERTIFICATE-----"), text.indexOf(end) + end.length())
                .replace("\r", "");
    }

    @Test
    @DisplayName("data connections resume the session of either certificate")
    void resumption() throws Exception {
        for (List<String> only : List.of(
                List.of("--tls-max", "1.2", "--ciphers", ONLY_RSA), List.of("--tls-max", "1.2"), List.<String>of())) {
            Program.of(work, "curl", "-sS", "--max-time", "60", "--ssl-reqd", "-k")
                    .with("--user", "demo:" + ServerProcess.PASSWORD)
                    .with(only.toArray(String[]::new))
                    .with("-T", "a", url("p1"))
                    .run()
                    .ok();
            Program.of(work, "curl", "-sS", "--max-time", "60", "--ssl-reqd", "-k")
                    .with("--user", "demo:" + ServerProcess.PASSWORD)
                    .with(only.toArray(String[]::new))
                    .with("-o", "b1", url("p1"), "-o", "b2", url("p1"))
                    .run()
                    .ok();
            Client.assertSame(work.resolve("a"), work.resolve("b2"));
        }
    }

    private static String url(String path) {
        return "ftp://127.0.0.1:" + server.explicitPort() + "/" + path;
    }
}
