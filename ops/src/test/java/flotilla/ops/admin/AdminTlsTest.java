package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The admin API over TLS, used by curl and by the commands. */
@Timeout(120)
class AdminTlsTest {
    @TempDir
    static Path directory;

    private static int port;
    private static Path certificate;
    private static ServerProcess server;

    private record Ran(int exit, String output) {}

    @BeforeAll
    static void start() {
        port = Ports.free(1);
        certificate = directory.resolve("admin.pem");
        assertEquals(
                0,
                Command.run("cert", "new", "--ip", "127.0.0.1", certificate.toString())
                        .exit());
        server = ServerProcess.start("flotilla.admin.port=" + port, "flotilla.admin.tls.certificate=" + certificate);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static Ran curl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "-m", "20"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(directory, "curl", "");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        return new Ran(process.exitValue(), Files.readString(output));
    }

    private static String url(String scheme, String path) {
        return scheme + "://127.0.0.1:" + port + path;
    }

    @Test
    @DisplayName("a client that knows the certificate is served, with a token only")
    void served() throws Exception {
        String trust = certificate.toString();
        Ran live = curl("--cacert", trust, "-o", "/dev/null", "-w", "%{http_code}", url("https", "/live"));
        assertEquals(new Ran(0, "200"), live);
        Ran refused =
                curl("--cacert", trust, "-o", "/dev/null", "-w", "%{http_code}", url("https", "/api/v1/sessions"));
        assertEquals(new Ran(0, "401"), refused);
        String token = Files.readAllLines(Api.file(server)).get(1);
        Ran sessions =
                curl("--cacert", trust, "-H", "Authorization: Bearer " + token, url("https", "/api/v1/sessions"));
        assertEquals(0, sessions.exit());
        assertTrue(sessions.output().contains("\"sessions\""), sessions.output());
    }

    @Test
    @DisplayName("clear text, TLS 1.1 and a stranger's trust get nothing")
    void notServed() throws Exception {
        assertNotEquals(0, curl(url("http", "/live")).exit());
        assertNotEquals(
                0,
                curl("--cacert", certificate.toString(), "--tls-max", "1.1", url("https", "/live"))
                        .exit());
        assertEquals(60, curl(url("https", "/live")).exit());
    }

    @Test
    @DisplayName("commands on the server's machine trust the certificate that the server noted")
    void commands() {
        Command.Result nodes = Command.run(server, "nodes");
        assertEquals(0, nodes.exit(), nodes.err());
        assertTrue(nodes.out().contains("node-1"));
    }
}
