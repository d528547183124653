package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.protection.PemFiles;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator hears of certificates that expire. */
@Timeout(120)
class CertificateExpiryTest {
    @TempDir
    Path work;

    private Path made(String name, int days) {
        Path file = work.resolve(name);
        Command.Result made = Command.run(
                "cert", "new", "--force", "--dns", "localhost", "--days", String.valueOf(days), file.toString());
        assertEquals(0, made.exit(), made.err());
        return file;
    }

    private static long warnings(ServerProcess server, String text) {
        return server.errors().lines().filter(line -> line.contains(text)).count();
    }

    private static String metric(ServerProcess server, String certificate, String use) throws Exception {
        String begin = "flotilla_tls_certificate_expiration_timestamp_seconds{certificate=\"" + certificate
                + "\",use=\"" + use + "\"} ";
        List<String> found = Api.local(server)
                .call("GET", "/metrics", "")
                .text()
                .lines()
                .filter(line -> line.startsWith(begin))
                .toList();
        assertEquals(1, found.size(), begin);
        return found.get(0).substring(begin.length());
    }

    private static double end(Path certificate) throws Exception {
        return PemFiles.certificates(certificate).get(0).getNotAfter().getTime() / 1000;
    }

    @Test
    @DisplayName(
            "The log warns once of each certificate, again after a reload with another one, and a metric tells the end")
    void warnings() throws Exception {
        Path near = made("near.pem", 2);
        Path far = made("far.pem", 31);
        try (ServerProcess server = ServerProcess.start(
                "flotilla.tls.certificate=" + near, "flotilla.tls.additional=[{certificate=\"" + far + "\"}]")) {
            Await.until("a warning", () -> warnings(server, "near.pem (clients) expires in 1 day, on ") == 1);
            assertEquals(0, warnings(server, "far.pem"), server::errors);
            assertEquals(end(near), Double.parseDouble(metric(server, "near.pem", "clients")));
            assertEquals(end(far), Double.parseDouble(metric(server, "far.pem", "clients")));
            made("near.pem", 10);
            server.flotilla("reload");
            assertEquals(1, warnings(server, "near.pem (clients) expires in 9 days, on "), server::errors);
            server.flotilla("reload");
            assertEquals(2, warnings(server, "expires in"), server::errors);
            assertEquals(end(near), Double.parseDouble(metric(server, "near.pem", "clients")));
        }
    }

    @Test
    @DisplayName("flotilla check warns, and finds the configuration good")
    void check() {
        String setting = "flotilla.tls.certificate=" + made("near.pem", 10);
        Command.Result warned = Command.run("check", "--set", setting);
        assertEquals(0, warned.exit());
        assertTrue(
                warned.err().startsWith("warning: the certificate near.pem (clients) expires in 9 days"), warned.err());
        Command.Result silent = Command.run("check", "--set", setting, "--set", "flotilla.tls.expiry-warnings=5,1");
        assertEquals("", silent.err());
        String admin = "flotilla.admin.tls.certificate=" + made("admin.pem", 13);
        Command.Result ofAdmin = Command.run("check", "--set", admin);
        assertTrue(ofAdmin.err().startsWith("warning: the certificate admin.pem (admin-api) expires"), ofAdmin.err());
        Command.Result wrong = Command.run("check", "--set", "flotilla.tls.expiry-warnings=soon");
        assertEquals(78, wrong.exit());
        assertFalse(wrong.err().isEmpty());
    }
}
