package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OCSP responses from a responder of openssl, as a client of openssl sees them. */
@Timeout(120)
class OcspStaplingTest {
    private static final String NONE = "OCSP response: no response sent";
    private static final String MUST_STAPLE = "tlsfeature = status_request\n";

    @TempDir
    Path work;

    private TestCa ca;
    private int port;
    private @Nullable HttpServer responder;

    @BeforeEach
    void makeAuthority() throws Exception {
        ca = TestCa.create(work.resolve("ca"), "Test CA");
        port = Ports.free(1);
    }

    @AfterEach
    void stopResponder() {
        if (responder != null) {
            responder.stop(0);
        }
    }

    /** Makes a certificate that names the responder, with its chain and key in one file. */
    private Path certificate(String more) throws Exception {
        Path directory = work.resolve("ca");
        Path request = work.resolve("server.csr");
        assertEquals(
                0,
                Command.run("cert", "request", "--dns", "localhost", request.toString())
                        .exit());
        Path extensions = Files.writeString(
                work.resolve("server.ext"),
                "authorityInfoAccess = OCSP;URI:http://127.0.0.1:" + port + "/\nsubjectAltName = DNS:localhost\n"
                        + more);
        Program.of(directory, "openssl", "x509", "-req", "-in", request.toString(), "-CA", "ca.pem", "-CAkey", "ca.key")
                .with("-set_serial", "0x1234", "-days", "30", "-extfile", extensions.toString(), "-out", "server.pem")
                .run()
                .ok();
        return Files.writeString(
                work.resolve("server.pem"),
                Files.readString(directory.resolve("server.pem"))
                        + Files.readString(ca.certificate())
                        + Files.readString(work.resolve("server.key")));
    }

    /** Writes the authority's list: V for good, R for revoked. */
    private void list(String status) throws Exception {
        String revoked = status.equals("R") ? "260101000000Z" : "";
        Files.writeString(
                work.resolve("ca/index.txt"),
                status + "\t401231235959Z\t" + revoked + "\t1234\tunknown\t/CN=localhost\n");
    }

    /** Serves openssl's answers. Its own server would listen on all addresses. */
    private void startResponder() throws Exception {
        responder = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        responder.createContext("/", exchange -> {
            try (exchange) {
                Path request = Files.write(
                        work.resolve("ca/request.der"),
                        exchange.getRequestBody().readAllBytes());
                Program.of(work.resolve("ca"), "openssl", "ocsp", "-index", "index.txt", "-CA", "ca.pem", "-nmin", "10")
                        .with("-rsigner", "ca.pem", "-rkey", "ca.key", "-reqin", request.toString())
                        .with("-respout", "response.der")
                        .run()
                        .ok();
                byte[] response = Files.readAllBytes(work.resolve("ca/response.der"));
                exchange.sendResponseHeaders(200, response.length);
                exchange.getResponseBody().write(response);
            } catch (Exception e) {
                throw new IOException(e);
            }
        });
        responder.start();
    }

    private static ServerProcess server(Path certificate, String staple) {
        return ServerProcess.start("flotilla.tls.certificate=" + certificate, "flotilla.tls.ocsp.staple=" + staple);
    }

    private static void awaitLine(ServerProcess server, String text) throws Exception {
        Await.until("a line with \"" + text + "\"", () -> server.errors().contains(text));
    }

    private String status(ServerProcess server, String... with) throws Exception {
        return Program.of(
                        work,
                        "openssl",
                        "s_client",
                        "-status",
                        "-CAfile",
                        ca.certificate().toString())
                .with("-connect", "127.0.0.1:" + server.implicitPort())
                .with(with)
                .input("Q\n")
                .run()
                .ok()
                .output();
    }

    @ParameterizedTest(name = "a response of the responder is sent to clients that ask: {0}")
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void good(String version) throws Exception {
        Path certificate = certificate(MUST_STAPLE);
        list("V");
        startResponder();
        try (ServerProcess server = server(certificate, "auto")) {
            awaitLine(server, "the OCSP response for server.pem is good until");
            String shown = status(server, version);
            assertTrue(shown.contains("OCSP Response Status: successful"), shown);
            assertTrue(shown.contains("Cert Status: good"), shown);
            assertFalse(server.errors().contains("must-staple"), server::errors);
            server.flotilla("reload");
            stopResponder();
            assertTrue(status(server, version).contains("Cert Status: good"), "it is kept");
            // curl wants a response on each connection, and none belongs to a session that is resumed
            Program.of(
                            work,
                            "curl",
                            "-sS",
                            "--no-sessionid",
                            "--cert-status",
                            "--cacert",
                            ca.certificate().toString(),
                            "--ssl-reqd")
                    .with("--ipv4", "--user", "demo:" + ServerProcess.PASSWORD)
                    .with("--tls-max", version.replace("-tls", "").replace('_', '.'))
                    .with("ftp://localhost:" + server.explicitPort() + "/")
                    .run()
                    .ok();
        }
    }

    @Test
    @DisplayName("A revoked certificate gets no response, and the log says why")
    void revoked() throws Exception {
        Path certificate = certificate("");
        list("R");
        startResponder();
        try (ServerProcess server = server(certificate, "auto")) {
            awaitLine(server, "no OCSP response for server.pem: the certificate was revoked on 2026-01-01");
            assertTrue(status(server).contains(NONE));
        }
    }

    @Test
    @DisplayName("A responder that does not answer stops nothing; must-staple is warned about")
    void noResponder() throws Exception {
        try (ServerProcess server = server(certificate(MUST_STAPLE), "auto")) {
            awaitLine(server, "Clients refuse this certificate without one (must-staple).");
            assertTrue(status(server).contains(NONE));
        }
        try (ServerProcess server = server(work.resolve("server.pem"), "off")) {
            awaitLine(server, "(must-staple), but tls.ocsp.staple is off");
            assertTrue(status(server).contains(NONE));
        }
    }

    @Test
    @DisplayName("A response may come from a file; one that somebody else has signed is not sent")
    void files() throws Exception {
        Path certificate = certificate("");
        list("V");
        TestCa other = TestCa.create(work.resolve("other"), "Test CA");
        for (TestCa signer : List.of(ca, other)) {
            Path key = signer.certificate().resolveSibling("ca.key");
            Program.of(
                            work.resolve("ca"),
                            "openssl",
                            "ocsp",
                            "-index",
                            "index.txt",
                            "-CA",
                            "ca.pem",
                            "-issuer",
                            "ca.pem")
                    .with("-rsigner", signer.certificate().toString(), "-rkey", key.toString(), "-ndays", "2")
                    .with(
                            "-cert",
                            "server.pem",
                            "-respout",
                            work.resolve("response.der").toString(),
                            "-noverify")
                    .run()
                    .ok();
            try (ServerProcess server =
                    server(certificate, work.resolve("response.der").toString())) {
                boolean isOurs = signer == ca;
                awaitLine(server, isOurs ? "is good until" : "neither the certificate's issuer nor a responder");
                assertTrue(status(server).contains(isOurs ? "Cert Status: good" : NONE));
            }
        }
    }
}
