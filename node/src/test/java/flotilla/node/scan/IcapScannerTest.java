package flotilla.node.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.scan.IcapRequest.Method;
import flotilla.node.scan.Verdict.Clean;
import flotilla.node.scan.Verdict.Failed;
import flotilla.node.scan.Verdict.Failure;
import flotilla.node.scan.Verdict.Infected;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class IcapScannerTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String CLEAN = "ICAP/1.0 204 No Content\r\nEncapsulated: null-body=0\r\n\r\n";

    private static Turn turn() {
        return new Turn(
                new Turn.Waiting() {
                    @Override
                    public void alive() {
                        // It just waits.
                    }

                    @Override
                    public boolean isOver() {
                        return false;
                    }
                },
                LONG);
    }

    private static IcapHead head(String text) throws Exception {
        Iterator<String> lines = Arrays.asList(text.split("\n", -1)).iterator();
        return IcapHead.read(most -> {
            if (!lines.hasNext()) {
                throw new EOFException();
            }
            String line = lines.next();
            if (line.length() > most) {
                throw new ProtocolProblem("too long");
            }
            return line;
        });
    }

    /** A service with a preview of 1024 bytes, or none when it is negative. */
    private static FakeScanner service(String methods, int preview, String answer, AtomicInteger asked)
            throws IOException {
        FakeScanner[] self = new FakeScanner[1];
        self[0] = new FakeScanner((in, out) -> {
            String head = FakeScanner.head(in);
            if (head.startsWith("OPTIONS ")) {
                asked.incrementAndGet();
                FakeScanner.say(
                        out,
                        "ICAP/1.0 200 OK\r\nMethods: " + methods + "\r\nAllow: 204\r\n"
                                + (preview < 0 ? "" : "Preview: " + preview + "\r\n") + "\r\n");
                return;
            }
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            file.write((head + FakeScanner.head(in)).getBytes(ISO_8859_1));
            if (head.startsWith("RESPMOD")) {
                file.write(FakeScanner.head(in).getBytes(ISO_8859_1));
            }
            file.write(0);
            if (!FakeScanner.chunks(in, file) && preview >= 0) {
                FakeScanner.say(out, "ICAP/1.0 100 Continue\r\n\r\n");
                FakeScanner.chunks(in, file);
            }
            self[0].received.add(file.toByteArray());
            FakeScanner.say(out, answer);
        });
        return self[0];
    }

    @ParameterizedTest(name = "{0} with a preview of {1} bytes, {2} bytes")
    @CsvSource({
        "RESPMOD,1024,0", "RESPMOD,1024,1023", "RESPMOD,1024,1024", "RESPMOD,1024,1025", "REQMOD,1024,300000",
        "RESPMOD,0,0", "RESPMOD,0,1", "RESPMOD,-1,0", "REQMOD,-1,70000", "RESPMOD,-1,70000"
    })
    void theWholeFileArrivesWithAndWithoutPreview(String method, int preview, int size) throws Exception {
        byte[] file = Bytes.random(size, size);
        AtomicInteger asked = new AtomicInteger();
        try (FakeScanner service = service(method, preview, CLEAN, asked)) {
            Scanner scanner = ScannerPlace.icap("icap://127.0.0.1:" + service.port() + "/av")
                    .scanner();
            for (int i = 0; i < 2; i++) {
                assertInstanceOf(Clean.class, scanner.scan(new Bytes(file, 1), "/a b/\u00fc", turn()));
                byte[] received = service.received.take();
                int end = new String(received, ISO_8859_1).indexOf('\0');
                String head = new String(received, 0, end, ISO_8859_1);
                assertTrue(head.startsWith(method + " icap://127.0.0.1:" + service.port() + "/av ICAP/1.0\r\n"), head);
                assertTrue(head.contains("/a%20b/%C3%BC HTTP/1.1\r\n"), head);
                assertArrayEquals(file, Arrays.copyOfRange(received, end + 1, received.length));
            }
            assertEquals(1, asked.get());
        }
    }

    @Test
    void theOffsetsOfTheHeadsAreRight() {
        IcapRequest request = new IcapRequest(ScannerPlace.icap("icap://[::1]/av"));
        for (Method method : Method.values()) {
            String text = request.scan(method, "/f", 5, OptionalInt.of(9));
            int body = text.indexOf("\r\n\r\n") + 4;
            String encapsulated = IcapRequestOffsets.of(text);
            for (String part : encapsulated.split(", ")) {
                int at = body + Integer.parseInt(part.split("=")[1]);
                String from = text.substring(at);
                switch (part.split("=")[0]) {
                    case "req-hdr" -> assertTrue(from.startsWith("GET ") || from.startsWith("PUT "), from);
                    case "res-hdr" -> assertTrue(from.startsWith("HTTP/1.1 200 OK\r\n"), from);
                    default -> assertEquals("", from);
                }
            }
            assertTrue(text.contains("Host: [::1]:1344\r\n"), text);
        }
    }

    private static final class IcapRequestOffsets {
        static String of(String text) {
            return text.lines()
                    .filter(line -> line.startsWith("Encapsulated: "))
                    .findFirst()
                    .orElseThrow()
                    .substring("Encapsulated: ".length());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "X-Infection-Found: Type=0; Resolution=2; Threat=Evil.Doc;, Evil.Doc",
        "x-infection-found: Threat = Evil, unnamed",
        "X-Virus-ID: Evil Two, Evil Two",
        "X-Violations-Found: 1, unnamed",
        "X-Violations-Found: 0, changed by the ICAP service",
        "X-Other: 1, changed by the ICAP service"
    })
    void infectionsAreNamed(String field, String name) throws Exception {
        IcapHead head = head("ICAP/1.0 200 OK\r\n" + field + "\r\n\r\n");
        assertEquals(new Infected(name), IcapExchange.verdict(head, true));
    }

    @ParameterizedTest
    @CsvSource({"404, REFUSED", "500, REFUSED", "503, REFUSED", "302, REFUSED", "413, TOO_LARGE"})
    void otherAnswersAreFailures(int status, Failure kind) throws Exception {
        Verdict verdict = IcapExchange.verdict(head("ICAP/1.0 " + status + " So\r\n\r\n"), true);
        assertEquals(kind, assertInstanceOf(Failed.class, verdict).kind());
    }

    @Test
    void a204BeforeTheLastByteIsNoVerdict() throws Exception {
        assertInstanceOf(Failed.class, IcapExchange.verdict(head(CLEAN), false));
    }

    @Test
    void headsAreBounded() throws Exception {
        IcapHead folded = head("ICAP/1.0 200 OK\nX-Violations-Found: 1\n\t-\n\tEvil\nA: b\na: c\n\n");
        assertEquals("1 - Evil", folded.field("X-VIOLATIONS-FOUND"));
        assertEquals("b, c", folded.field("A"));
        for (String wrong : List.of(
                "HTTP/1.1 200 OK\n\n",
                "ICAP/1.0 2000 OK\n\n",
                "ICAP/1.0 200 OK\nno field\n\n",
                "ICAP/1.0 200 OK\n" + "A: b\n".repeat(200) + "\n",
                "ICAP/1.0 200 OK\nA: " + "b".repeat(9000) + "\n\n")) {
            assertThrows(ProtocolProblem.class, () -> head(wrong));
        }
    }

    @Test
    void garbageIsAProblemOfTheProtocolAndNothingElse() throws Exception {
        String alphabet = "ICAP/1.0 204\r\n:;=\tX-Virus-ID Threat\u0000\u00ff\n\n";
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "ICAP/1.0 200 OK\r\n" : "");
            for (int left = random.nextInt(200); left > 0; left--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                IcapExchange.verdict(head(text.toString()), true);
            } catch (ProtocolProblem | EOFException expected) {
                // The only ways out.
            }
        }
    }

    @Test
    void aServiceThatIsMissingIsNamed() throws Exception {
        try (FakeScanner server = new FakeScanner((in, out) -> {
            FakeScanner.head(in);
            FakeScanner.say(out, "ICAP/1.0 404 Service not found\r\n\r\n");
        })) {
            Verdict verdict = ScannerPlace.icap("icap://127.0.0.1:" + server.port() + "/none")
                    .scanner()
                    .scan(new Bytes(new byte[3], 1), "/f", turn());
            Failed failed = assertInstanceOf(Failed.class, verdict);
            assertEquals(Failure.REFUSED, failed.kind());
            assertTrue(failed.why().endsWith("/none: OPTIONS was answered by 404"), failed.why());
        }
    }

    /** A service that sends back what it gets, while it gets it. */
    private static FakeScanner echo(String method, String encapsulated, String http, boolean changes)
            throws IOException {
        return new FakeScanner((in, out) -> {
            String head = FakeScanner.head(in);
            if (head.startsWith("OPTIONS ")) {
                FakeScanner.say(out, "ICAP/1.0 200 OK\r\nMethods: " + method + "\r\n\r\n");
                return;
            }
            FakeScanner.head(in);
            if (method.equals("RESPMOD")) {
                FakeScanner.head(in);
            }
            String body = "Encapsulated: " + encapsulated + http.length() + "\r\n\r\n";
            FakeScanner.say(out, "ICAP/1.0 200 OK\r\n" + body + http);
            byte[] piece = new byte[5000];
            long left = 0;
            while (true) { // its own chunks differ from those that it gets
                if (left == 0) {
                    StringBuilder line = new StringBuilder();
                    while (!line.toString().endsWith("\r\n")) {
                        line.append((char) in.readUnsignedByte());
                    }
                    left = Integer.parseInt(line.toString().strip(), 16);
                    if (left == 0) {
                        break;
                    }
                }
                int count = (int) Math.min(left, piece.length);
                in.readFully(piece, 0, count);
                left -= count;
                if (left == 0) {
                    in.readNBytes(2);
                }
                if (changes) {
                    piece[0] ^= 1;
                }
                FakeScanner.say(out, Integer.toHexString(count) + ";x=y\r\n");
                out.write(piece, 0, count);
                FakeScanner.say(out, "\r\n");
            }
            FakeScanner.say(out, "0\r\nTrailer: x\r\n\r\n");
        });
    }

    @ParameterizedTest(name = "{0}, {2} bytes, sent back with {3}: {5}")
    @CsvSource({
        "RESPMOD,'res-hdr=0, res-body=',0,HTTP/1.1 200 OK,false,clean",
        "RESPMOD,'res-hdr=0, res-body=',10,HTTP/1.1 200 OK,false,clean",
        "RESPMOD,'res-hdr=0, res-body=',20000000,HTTP/1.0 200 OK,false,clean",
        "REQMOD,'req-hdr=0, req-body=',20000000,PUT /f HTTP/1.1,false,clean",
        "RESPMOD,'res-hdr=0, res-body=',200000,HTTP/1.1 200 OK,true,infected",
        "RESPMOD,'res-hdr=0, res-body=',200000,HTTP/1.1 403 Forbidden,false,infected",
        "REQMOD,'res-hdr=0, res-body=',200000,HTTP/1.1 200 OK,false,infected",
        "RESPMOD,'res-hdr=0, null-body=',200000,HTTP/1.1 200 OK,false,infected",
        "RESPMOD,'res-hdr=0, null-body=',0,HTTP/1.1 200 OK,false,clean",
        "RESPMOD,'res-hdr=0, opt-body=',10,HTTP/1.1 200 OK,false,failed"
    })
    void aFileThatIsSentBackIsCompared(
            String method, String encapsulated, int size, String first, boolean changes, String expected)
            throws Exception {
        try (FakeScanner service = echo(method, encapsulated, first + "\r\n\r\n", changes)) {
            Verdict verdict = ScannerPlace.icap("icap://127.0.0.1:" + service.port() + "/av")
                    .scanner()
                    .scan(new Bytes(Bytes.random(size, size), 1), "/f", turn());
            assertEquals(
                    expected,
                    verdict instanceof Clean ? "clean" : verdict instanceof Infected ? "infected" : "failed",
                    verdict.toString());
        }
    }
}
