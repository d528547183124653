package flotilla.ops.acme;

import flotilla.cluster.protection.PemFiles;
import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority for tests: pebble, with the DNS of pebble-challtestsrv, where each name has the address 127.0.0.1.
 * Without these programs tests fail.
 */
final class Pebble implements AutoCloseable {
    private final Path directory;
    private final int api = Ports.free(1);
    private final int management = Ports.free(1);
    private final int dns = Ports.free(1);
    private final int dnsManagement = Ports.free(1);
    private final List<Process> processes = new ArrayList<>();
    private final Path trust;

    private Pebble(Path directory) {
        this.directory = directory;
        this.trust = directory.resolve("pebble.pem");
    }

    /**
     * Starts an authority.
     *
     * @param alpnPort where it validates names by TLS-ALPN-01
     * @param httpPort where it does by HTTP-01
     * @param environment for pebble
     */
    static Pebble start(Path directory, int alpnPort, int httpPort, Map<String, String> environment) throws Exception {
        Pebble pebble = new Pebble(Files.createDirectories(directory));
        try {
            pebble.startAll(alpnPort, httpPort, environment);
        } catch (Exception e) {
            pebble.close();
            throw e;
        }
        return pebble;
    }

    private void startAll(int alpnPort, int httpPort, Map<String, String> environment) throws Exception {
        CertificateMaker.write(
                CertificateMaker.selfSigned(KeyKind.EC, List.of("localhost"), List.of("127.0.0.1"), Duration.ofDays(2)),
                trust);
        boolean bound = environment.containsKey("kid");
        Path config = Files.writeString(directory.resolve("pebble.json"), """
                {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                "certificate": "%s", "privateKey": "%s", "httpPort": %d, "tlsPort": %d, "ocspResponderURL": "",
                "externalAccountBindingRequired": %s, "externalAccountMACKeys": {%s}}}
                """.formatted(
                        api,
                        management,
                        trust,
                        trust,
                        httpPort,
                        alpnPort,
                        bound,
                        bound ? '"' + environment.get("kid") + "\": \"" + environment.get("hmac") + '"' : ""));
        run(
                Map.of(),
                "pebble-challtestsrv",
                "-defaultIPv6",
                "",
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                "",
                "-dns01",
                "127.0.0.1:" + dns,
                "-management",
                "127.0.0.1:" + dnsManagement);
        run(environment, "pebble", "-config", config.toString(), "-dnsserver", "127.0.0.1:" + dns);
        for (int port : List.of(api, management, dnsManagement)) {
            Await.until("a listener on " + port, () -> accepts(port));
        }
    }

    private void run(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PEBBLE_VA_NOSLEEP", "1");
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(log(command[0]).toFile());
        processes.add(builder.start());
    }

    private Path log(String program) {
        return directory.resolve(program + ".log");
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    /** The settings of a server that gets its certificate here. */
    List<String> settings(String... names) {
        return List.of(
                "flotilla.tls.acme.enabled=true",
                "flotilla.tls.acme.agree-to-terms=true",
                "flotilla.tls.acme.directory=https://127.0.0.1:" + api + "/dir",
                "flotilla.tls.acme.trust=" + trust,
                "flotilla.tls.acme.contact=[\"admin@example.org\"]",
                "flotilla.tls.acme.names=[\"" + String.join("\",\"", names) + "\"]");
    }

    /** Writes the authority's root for clients. */
    Path root() throws Exception {
        return Files.writeString(directory.resolve("root.pem"), get("https://127.0.0.1:" + management + "/roots/0"));
    }

    /** The port of the DNS server's management. */
    int dnsManagement() {
        return dnsManagement;
    }

    /** What pebble has logged. */
    String log() throws IOException {
        return Files.readString(log("pebble"));
    }

    private String get(String url) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load((InputStream) null, null);
        store.setCertificateEntry("pebble", PemFiles.certificates(trust).get(0));
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .sslContext(context)
                .build()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
