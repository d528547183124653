package flotilla.ops.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import flotilla.cluster.protection.NodeCertificates;
import flotilla.cluster.protection.NodeCertificates.Issued;
import flotilla.ops.outgoing.HttpPost.Answer;
import flotilla.ops.outgoing.HttpPost.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpPostTest {
    private static final Limits SHORT = new Limits(Duration.ofMillis(500), Duration.ofMillis(500), 1);
    private static final Limits LONG = new Limits(Duration.ofSeconds(20), Duration.ofSeconds(20), 2);

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final CountDownLatch hang = new CountDownLatch(1);

    @AfterEach
    void close() throws Exception {
        hang.countDown();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private String serve(HttpServer server, HttpHandler handler) {
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", handler);
        server.start();
        open.add(() -> {
            server.stop(0);
            threads.shutdownNow();
        });
        return "127.0.0.1:" + server.getAddress().getPort() + "/in?key=secret";
    }

    private String serve(HttpHandler handler) throws IOException {
        return "http://"
                + serve(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), handler);
    }

    private HttpPost to(String url, Limits limits, Optional<Path> ca) throws IOException {
        HttpPost post = HttpPost.open(url, limits, ca);
        open.add(post);
        return post;
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String failure(CompletableFuture<Answer> sent) {
        ExecutionException failure = assertThrows(ExecutionException.class, sent::get);
        assertEquals(IOException.class, failure.getCause().getClass());
        return failure.getCause().getMessage();
    }

    @Test
    @DisplayName("a body comes with its headers, and the answer is told whatever its status")
    void sends() throws Exception {
        String url = serve(exchange -> {
            String text = exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("X-Test") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            exchange.getResponseHeaders().add("Retry-After", "7");
            answer(exchange, 503, text.getBytes(UTF_8));
        });
        Answer answer = to(url, LONG, Optional.empty())
                .send(Map.of("X-Test", "yes"), "Grüße".getBytes(UTF_8))
                .get();
        assertEquals(new Answer(503, "POST yes Grüße", Optional.of(Duration.ofSeconds(7))), answer);
        assertFalse(answer.isSuccess());
    }

    @Test
    @DisplayName("a redirect is an answer and is not followed")
    void redirect() throws Exception {
        String url = serve(exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            answer(exchange, exchange.getRequestURI().getPath().equals("/in") ? 307 : 200, new byte[0]);
        });
        assertEquals(
                307,
                to(url, LONG, Optional.empty())
                        .send(Map.of(), new byte[1])
                        .get()
                        .status());
    }

    @Test
    @DisplayName("a server that hangs before or in its answer is left in time, and makes room for the next request")
    void hangs() throws Exception {
        HttpPost silent = to(serve(exchange -> await(hang)), SHORT, Optional.empty());
        HttpPost stopped = to(
                serve(exchange -> {
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write(1);
                    exchange.getResponseBody().flush();
                    await(hang);
                }),
                SHORT,
                Optional.empty());
        for (int i = 0; i < 2; i++) {
            assertEquals("no answer in time", failure(silent.send(Map.of(), new byte[1])));
            assertEquals("no answer in time", failure(stopped.send(Map.of(), new byte[1])));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName("an answer without an end is cut")
    void longAnswer() throws Exception {
        String url = serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] many = new byte[1000];
            java.util.Arrays.fill(many, (byte) 'x');
            try {
                while (true) {
                    exchange.getResponseBody().write(many);
                }
            } catch (IOException cut) {
                exchange.close();
            }
        });
        Answer answer =
                to(url, LONG, Optional.empty()).send(Map.of(), new byte[1]).get();
        assertEquals("x".repeat(HttpPost.MOST_ANSWER), answer.begin());
        assertTrue(answer.isSuccess());
    }

    @Test
    @DisplayName("requests over the limit fail at once")
    void limit() throws Exception {
        HttpPost post = to(serve(exchange -> await(hang)), LONG, Optional.empty());
        CompletableFuture<Answer> first = post.send(Map.of(), new byte[1]);
        CompletableFuture<Answer> second = post.send(Map.of(), new byte[1]);
        assertEquals("more than 2 requests at a time", failure(post.send(Map.of(), new byte[1])));
        assertFalse(first.isDone() || second.isDone());
    }

    @Test
    @DisplayName("a certificate of the own authority is accepted, of any other refused")
    void certificates() throws Exception {
        Issued authority = NodeCertificates.authority("own", Duration.ofDays(1));
        Issued host = NodeCertificates.node(authority, "host", List.of(), List.of("127.0.0.1"), Duration.ofDays(1));
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(host, authority)));
        String url = "https://" + serve(server, exchange -> answer(exchange, 204, new byte[0]));
        Path ca = Files.writeString(
                directory.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(authority.certificate().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");

        assertEquals(
                204,
                to(url, LONG, Optional.of(ca)).send(Map.of(), new byte[1]).get().status());
        String refused = failure(to(url, LONG, Optional.empty()).send(Map.of(), new byte[1]));
        assertTrue(refused.startsWith("TLS failed: "), refused);
        String otherName = failure(
                to(url.replace("127.0.0.1", "localhost"), LONG, Optional.of(ca)).send(Map.of(), new byte[1]));
        assertTrue(otherName.startsWith("TLS failed: "), otherName);
    }

    private static SSLContext context(Issued host, Issued authority) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        store.setKeyEntry(
                "host", host.key(), new char[0], new Certificate[] {host.certificate(), authority.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    @Test
    @DisplayName("a URL that cannot be used is refused, and no message holds its path")
    void urls() throws Exception {
        for (String url : List.of(
                "ftp://host/secret", "secret", "http://u:secret@host/", "http:///secret", "http://a b/secret")) {
            IOException refused = assertThrows(IOException.class, () -> HttpPost.open(url, LONG, Optional.empty()));
            assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
        }
        assertEquals(
                "https://host:1",
                to("https://host:1/secret?x", LONG, Optional.empty()).place());
    }

    @Test
    @DisplayName("a port where nobody listens is told as such")
    void refused() throws Exception {
        int port;
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertEquals(
                "the connection was refused",
                failure(to("http://127.0.0.1:" + port + "/", LONG, Optional.empty())
                        .send(Map.of(), new byte[1])));
    }
}
