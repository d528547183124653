package flotilla.ops.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.protection.ClusterKey;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates from a real authority for tests, for one server. */
@Timeout(180)
class AcmeTest {
    private static final String NAME = "ftp.example.org";
    private static final String OTHER = "files.example.org";

    @TempDir
    Path work;

    private static ServerProcess server(List<String> settings, String... more) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of(more));
        return ServerProcess.start(all.toArray(String[]::new));
    }

    private static Optional<X509Certificate> shown(ServerProcess server, Path trusted) throws Exception {
        try (FtpDriver ftp =
                FtpDriver.secured(server, ClientTls.trusting(trusted).naming(NAME))) {
            return Optional.of((X509Certificate) ftp.tls().getSession().getPeerCertificates()[0]);
        } catch (SSLException standIn) {
            return Optional.empty();
        }
    }

    @Test
    @DisplayName(
            "HTTP-01 with an external account: a self-signed stand-in, then an RSA certificate for two names; the port tells nothing else")
    void http() throws Exception {
        int http = Ports.free(1);
        String hmac = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
        Path secret = Files.writeString(work.resolve("hmac"), hmac + "\n");
        try (Pebble pebble = Pebble.start(work, Ports.free(1), http, Map.of("kid", "kid-1", "hmac", hmac));
                ServerProcess server = server(
                        pebble.settings(NAME, OTHER),
                        "flotilla.tls.acme.challenge=http",
                        "flotilla.tls.acme.http-port=" + http,
                        "flotilla.tls.acme.key=rsa2048",
                        "flotilla.tls.acme.account-key-id=kid-1",
                        "flotilla.tls.acme.account-hmac-file=" + secret)) {
            X509Certificate issued = Await.present("the certificate", () -> shown(server, pebble.root()));
            assertTrue(issued.getPublicKey() instanceof RSAPublicKey, issued::toString);
            assertEquals(2, issued.getSubjectAlternativeNames().size());
            assertTrue(server.errors().contains("was told the answer to a challenge"), server::errors);
            Command.Result status = Command.run(server.dataDirectory(), "cert", "acme");
            assertTrue(status.out().contains(NAME + ", " + OTHER), status.out());
            assertTrue(status.out().contains("days left"), status.out());
            assertTrue(status.out().lines().anyMatch(line -> line.matches("problem +none")), status.out());
            for (String name : List.of(NAME, "other.example.org")) {
                IOException refused =
                        assertThrows(IOException.class, () -> asked(server.implicitPort(), name, pebble.root()));
                assertTrue(String.valueOf(refused.getMessage()).contains("no_application_protocol"), refused::toString);
            }
            for (String path : List.of("/", "/.well-known/acme-challenge/no-such-token", "/../etc/passwd")) {
                int code = HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode();
                assertEquals(404, code, path);
            }
        }
    }

    @Test
    @DisplayName("A node with another cluster key removes account and certificate of the others only with --forget")
    void forget() throws Exception {
        int http = Ports.free(1);
        Path key = work.resolve("cluster.key");
        Path other = work.resolve("other.key");
        ClusterKey.create(key);
        ClusterKey.create(other);
        try (Pebble pebble = Pebble.start(work.resolve("pebble"), Ports.free(1), http, Map.of())) {
            List<String> settings = new ArrayList<>(pebble.settings(NAME));
            settings.addAll(List.of(
                    "flotilla.tls.acme.challenge=http",
                    "flotilla.tls.acme.http-port=" + http,
                    "flotilla.users.jdbc-url=jdbc:h2:file:" + work.resolve("users")));
            X509Certificate first;
            try (ServerProcess server = server(settings, "flotilla.cluster.key-file=" + key)) {
                first = Await.present("the certificate", () -> shown(server, pebble.root()));
            }
            try (ServerProcess server = server(settings, "flotilla.cluster.key-file=" + other)) {
                server.flotilla("cert", "renew");
                Await.until("its complaint", () -> server.errors()
                        .contains("a value is sealed with a key that this node does not have"));
            }
            try (ServerProcess server = server(settings, "flotilla.cluster.key-file=" + key)) {
                assertEquals(first, Await.present("the certificate", () -> shown(server, pebble.root())));
            }
            try (ServerProcess server = server(settings, "flotilla.cluster.key-file=" + other)) {
                server.flotilla("cert", "renew", "--forget");
                assertNotEquals(first, Await.present("the certificate", () -> shown(server, pebble.root())));
            }
        }
    }

    /** Offers acme-tls/1 and returns the certificate that it is shown. */
    private static X509Certificate asked(int port, String name, Path trusted) throws IOException {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
            plain.setSoTimeout(20_000);
            return (X509Certificate) ClientTls.trusting(trusted)
                    .naming(name)
                    .offering("acme-tls/1")
                    .handshake(plain, port)
                    .getSession()
                    .getPeerCertificates()[0];
        }
    }
}
