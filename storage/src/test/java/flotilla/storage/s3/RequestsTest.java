package flotilla.storage.s3;

import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import flotilla.storage.ByteSource;
import flotilla.storage.ConditionReport;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.StoreMeter;
import flotilla.storage.StoreSettings;
import flotilla.storage.TransferMemory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes out to a service, and what strange answers of one do: a service of our own notes and answers. */
class RequestsTest {
    @TempDir
    Path directory;

    private final ConcurrentLinkedQueue<Headers> received = new ConcurrentLinkedQueue<>();
    private final List<String> counted = Collections.synchronizedList(new ArrayList<>());
    private final Headers answer = new Headers();
    private int status = 200;
    private String body = "";
    private HttpServer server;

    private final StoreMeter meter = new StoreMeter() {
        @Override
        public void requested(String store, String operation, long nanos, String error) {
            counted.add(store + " " + operation + " " + error);
        }

        @Override
        public void retried(String store) {
            counted.add(store + " again");
        }
    };

    @BeforeEach
    void start() throws IOException {
        answer.add("ETag", "\"0123\"");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", this::serve);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        received.add(exchange.getRequestHeaders());
        exchange.getResponseHeaders().putAll(answer);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Bucket bucket(String... more) throws IOException {
        Map<String, String> values = new HashMap<>(Map.of(
                "endpoint",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "bucket",
                "files",
                "retries",
                "0",
                "credentials",
                "file:" + S3Proxy.credentials(directory.resolve("credentials"), "id", "a-secret")));
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        return new Bucket(S3Settings.of(new StoreSettings("archive", "s3", values)), meter);
    }

    private static Body text(String text) {
        return Body.of(List.of(
                ByteBuffer.wrap(text.substring(0, 2).getBytes(StandardCharsets.UTF_8)),
                ByteBuffer.wrap(text.substring(2).getBytes(StandardCharsets.UTF_8))));
    }

    private static String crc(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        byte[] bytes = ByteBuffer.allocate(4).putInt((int) sum.getValue()).array();
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void anUploadCarriesItsChecksumAndWhatItReplaces() throws Exception {
        try (Bucket bucket = bucket()) {
            assertEquals("0123", bucket.put("f", text("hello"), Map.of(), Condition.absent()));
            bucket.put("f", text("hello"), Map.of(), Condition.matching("4567"));
            bucket.multiparts().upload("f", "an-upload", 3, text("hello"));
        }
        Headers first = received.remove();
        assertEquals(crc("hello"), first.getFirst("x-amz-checksum-crc32c"));
        assertEquals("*", first.getFirst("If-None-Match"));
        assertEquals("5", first.getFirst("Content-Length"));
        assertEquals("\"4567\"", received.remove().getFirst("If-Match"));
        assertEquals(crc("hello"), received.remove().getFirst("x-amz-checksum-crc32c"));
        assertEquals(List.of("archive PutObject ", "archive PutObject ", "archive UploadPart "), counted);
    }

    @Test
    void conditionsAndChecksumsCanBeOff() throws Exception {
        try (Bucket bucket = bucket("conditional-writes", "off", "checksum", "off")) {
            bucket.put("f", text("hello"), Map.of(), Condition.absent());
        }
        Headers sent = received.remove();
        assertNull(sent.getFirst("If-None-Match"));
        assertNull(sent.getFirst("x-amz-checksum-crc32c"));
        assertNull(sent.getFirst("Content-MD5"));
    }

    @Test
    void newObjectsAreEncryptedAndOfTheClassThatIsConfigured() throws Exception {
        try (Bucket bucket = bucket("sse", "aws:kms", "sse-key", "a-key", "storage-class", "STANDARD_IA")) {
            bucket.put("f", text("hello"), Map.of(), Condition.none());
            body = "<CopyObjectResult><ETag>\"89\"</ETag></CopyObjectResult>";
            bucket.copy(new Facts("f", 5, 0, "0123", Map.of()), "g", Condition.none());
        }
        for (Headers sent : received) {
            assertEquals("aws:kms", sent.getFirst("x-amz-server-side-encryption"));
            assertEquals("a-key", sent.getFirst("x-amz-server-side-encryption-aws-kms-key-id"));
            assertEquals("STANDARD_IA", sent.getFirst("x-amz-storage-class"));
        }
        assertEquals(2, received.size());
    }

    @Test
    void otherBytesThanWereSentAreNotAccepted() throws Exception {
        answer.add("x-amz-checksum-crc32c", crc("jello"));
        try (Bucket bucket = bucket()) {
            refused(Reason.IO, () -> bucket.put("f", text("hello"), Map.of(), Condition.none()));
        }
    }

    @Test
    void aServiceThatIsOverloadedIsAskedAgainAndThenFails() throws Exception {
        status = 503;
        body = "<Error><Code>SlowDown</Code></Error>";
        try (Bucket bucket = bucket("retries", "1")) {
            refused(Reason.IO, () -> bucket.put("f", text("hello"), Map.of(), Condition.none()));
        }
        assertEquals(List.of("archive again", "archive PutObject throttled"), counted);
        assertEquals(2, received.size());
    }

    @Test
    void aServiceThatIgnoresTheConditionOfAReadGivesNoOtherObject() throws Exception {
        body = "jello";
        try (Bucket bucket = bucket()) {
            refused(Reason.CHANGED, () -> bucket.get("f", 0, 5, "4567"));
            refused(Reason.UNSUPPORTED, () -> bucket.get("f", 2, 3, "0123"));
        }
    }

    @Test
    void objectsAreDeletedOneByOneWhereTheServiceRefusesManyAtOnce() throws Exception {
        List<String> deleted = Collections.synchronizedList(new ArrayList<>());
        server.removeContext("/");
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            boolean single = exchange.getRequestMethod().equals("DELETE");
            if (single) {
                deleted.add(exchange.getRequestURI().getPath());
            }
            byte[] refusal = "<Error><Code>MissingContentMD5</Code></Error>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(single ? 204 : 400, single ? -1 : refusal.length);
            exchange.getResponseBody().write(single ? new byte[0] : refusal);
            exchange.close();
        });
        try (Bucket bucket = bucket()) {
            bucket.delete(List.of("f", "g"));
        }
        assertEquals(List.of("/files/f", "/files/g"), deleted);
    }

    /** As when a file is stored into a directory in the last moment of its rename. */
    @Test
    void objectsThatWereReplacedAreNotDeleted() throws Exception {
        List<String> requests = Collections.synchronizedList(new ArrayList<>());
        serve(exchange -> {
            String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String method = exchange.getRequestMethod();
            requests.add(method + " " + exchange.getRequestURI().getPath() + " "
                    + exchange.getRequestHeaders().getFirst("If-Match") + text.replaceAll("^.*<Delete[^>]*>", ""));
            exchange.getResponseHeaders().add("ETag", "\"02\"");
            String refused = "<Error><Key>%s</Key><Code>PreconditionFailed</Code></Error>";
            return switch (method) {
                case "HEAD" -> new Reply(200, "");
                case "DELETE" -> new Reply(412, "");
                default ->
                    new Reply(
                            200,
                            "<DeleteResult>" + refused.formatted("f") + refused.formatted("g") + "</DeleteResult>");
            };
        });
        try (Bucket bucket = bucket()) {
            bucket.deleteSame(List.of(new Facts("f", 1, 0, "01", Map.of()), new Facts("g", 1, 0, "02", Map.of())));
        }
        assertTrue(requests.remove(0).contains("<ETag>&quot;01&quot;</ETag>"));
        assertEquals(
                List.of("HEAD /files/f null", "HEAD /files/g null", "DELETE /files/g \"02\""), List.copyOf(requests));
    }

    @Test
    void aServiceThatKnowsNoConditionsOfDeletionsDeletesAllTheSame() throws Exception {
        List<String> requests = Collections.synchronizedList(new ArrayList<>());
        serve(exchange -> {
            String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean conditional =
                    text.contains("ETag") || exchange.getRequestHeaders().containsKey("If-Match");
            requests.add(exchange.getRequestMethod() + " " + conditional);
            return conditional
                    ? new Reply(501, "<Error><Code>NotImplemented</Code></Error>")
                    : new Reply(200, "<DeleteResult/>");
        });
        try (Bucket bucket = bucket()) {
            bucket.delete("f", Condition.matching("01"));
            bucket.delete("f", Condition.matching("01"));
            bucket.deleteSame(List.of(new Facts("f", 1, 0, "01", Map.of()), new Facts("g", 1, 0, "02", Map.of())));
        }
        assertEquals(List.of("DELETE true", "DELETE false", "DELETE false", "POST true", "POST false"), requests);
    }

    @Test
    void aServiceThatIgnoresConditionsIsFoundOut() throws Exception {
        serve(exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("ETag", "\"01\"");
            boolean bare = exchange.getRequestMethod().equals("HEAD");
            return new Reply(200, bare ? "" : "<R><UploadId>u</UploadId><ETag>01</ETag></R>");
        });
        try (Bucket bucket = bucket()) {
            ConditionReport report = new ConditionProbe(bucket).run();
            assertEquals(List.of(), report.honoured());
            assertEquals(5, report.ignored().size(), report.toString());
        }
    }

    private record Reply(int status, String body) {}

    private interface Service {
        Reply answer(HttpExchange exchange) throws IOException;
    }

    private void serve(Service service) {
        server.removeContext("/");
        server.createContext("/", exchange -> {
            Reply reply = service.answer(exchange);
            byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @Test
    void theClockOfTheServiceIsThatOfItsAnswers() throws Exception {
        ServiceClock clock = new ServiceClock(() -> 1_000_000_000_000L);
        assertEquals(1_000_000_000_000L, clock.millis());
        clock.heard("no date");
        assertFalse(clock.isKnown());
        clock.heard("Sun, 09 Sep 2001 02:46:40 GMT");
        assertTrue(clock.isKnown());
        assertEquals(1_000_003_600_000L, clock.millis());
    }

    /** The bytes are there, but not the end of the answer: a length tells it, or the last chunk (RFC 9112, 7.1). */
    @Test
    void anAnswerThatBreaksBehindItsLastByteIsNotReadTwice() throws Exception {
        TransferMemory memory = new TransferMemory(1 << 20);
        try (ServerSocket service = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Bucket bucket = bucket("endpoint", "http://127.0.0.1:" + service.getLocalPort());
                Background background = new Background("archive", 4)) {
            Thread answers = new Thread(() -> breakAfter("hello", service), "service");
            answers.setDaemon(true);
            answers.start();
            try (ByteSource source = S3Source.open(new Tree(bucket), "f", "f", 0, memory, background)) {
                assertEquals("hello", new String(UploadNode.read(source), StandardCharsets.US_ASCII));
            }
        }
    }

    /** Answers each request with a text, and closes the connection behind its last byte. */
    private static void breakAfter(String text, ServerSocket service) {
        String answer = "HTTP/1.1 206 Partial Content\r\nETag: \"0123\"\r\nContent-Range: bytes 0-4/5\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + text.length() + "\r\n" + text + "\r\n";
        try {
            while (true) {
                try (Socket client = service.accept()) {
                    BufferedReader request = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                    for (String line = request.readLine(); line != null && !line.isEmpty(); ) {
                        line = request.readLine();
                    }
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException e) {
            // The test is over.
        }
    }
}
