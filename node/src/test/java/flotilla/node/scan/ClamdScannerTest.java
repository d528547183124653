package flotilla.node.scan;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.scan.Verdict.Clean;
import flotilla.node.scan.Verdict.Failed;
import flotilla.node.scan.Verdict.Failure;
import flotilla.node.scan.Verdict.Infected;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ClamdScannerTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static Turn turn(Duration time) {
        return new Turn(new Patient(), time);
    }

    private static final class Patient implements Turn.Waiting {
        @Override
        public void alive() {
            // It just waits.
        }

        @Override
        public boolean isOver() {
            return false;
        }
    }

    private static Verdict scan(FakeScanner clamd, byte[] file, Turn turn) throws Exception {
        return ScannerPlace.clamd("127.0.0.1:" + clamd.port()).scanner().scan(new Bytes(file, 1), "/f", turn);
    }

    private static Failed failed(Failure kind, Verdict verdict) {
        Failed failed = assertInstanceOf(Failed.class, verdict);
        assertEquals(kind, failed.kind(), failed.why());
        return failed;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 65_535, 65_536, 65_537, 300_000})
    void theWholeFileArrivesInItsOrder(int size) throws Exception {
        byte[] file = Bytes.random(size, size);
        FakeScanner[] clamd = new FakeScanner[1];
        clamd[0] = new FakeScanner((in, out) -> {
            clamd[0].instream(in);
            FakeScanner.say(out, "stream: OK\0");
        });
        try (FakeScanner closed = clamd[0]) {
            assertInstanceOf(Clean.class, scan(closed, file, turn(LONG)));
            byte[] received = closed.received.take();
            assertEquals("zINSTREAM\0", new String(received, 0, 10, US_ASCII));
            assertArrayEquals(file, Arrays.copyOfRange(received, 10, received.length));
        }
    }

    @Test
    void aFrameHasItsLengthInNetworkOrder() {
        ByteBuffer chunk = ByteBuffer.allocate(600);
        chunk.position(4).put(new byte[258]);
        ByteBuffer framed = ClamdScanner.framed(chunk);
        assertEquals(262, framed.remaining());
        assertEquals(258, framed.getInt());
    }

    @ParameterizedTest
    @CsvSource({
        "stream: Eicar-Test-Signature FOUND, Eicar-Test-Signature",
        "stream: Win.Test.EICAR_HDB-1(44d88612:68) FOUND, Win.Test.EICAR_HDB-1(44d88612:68)",
        "stream: Ev\u00efl FOUND, Ev?l"
    })
    void signaturesAreNamed(String answer, String name) {
        assertEquals(new Infected(name), ClamdScanner.verdict(answer));
    }

    @ParameterizedTest
    @CsvSource({
        "INSTREAM size limit exceeded. ERROR, TOO_LARGE",
        "stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND, TOO_LARGE",
        "stream: Can't allocate memory ERROR, REFUSED",
        "UNKNOWN COMMAND, REFUSED",
        "OK, REFUSED",
        "FOUND, REFUSED",
        "'', REFUSED"
    })
    void everythingElseIsAFailure(String answer, Failure kind) {
        failed(kind, ClamdScanner.verdict(answer));
    }

    @Test
    void anAnswerBeforeTheEndStopsTheSending() throws Exception {
        try (FakeScanner clamd = new FakeScanner((in, out) -> {
            in.readNBytes(100_000);
            FakeScanner.say(out, "INSTREAM size limit exceeded. ERROR\0");
        })) {
            Failed failed = failed(Failure.TOO_LARGE, scan(clamd, new byte[20_000_000], turn(LONG)));
            assertTrue(failed.why().contains("StreamMaxLength"), failed.why());
        }
        try (FakeScanner clamd = new FakeScanner((in, out) -> {
            in.readNBytes(100);
            FakeScanner.say(out, "stream: OK\0");
            in.readNBytes(100_000_000);
        })) {
            failed(Failure.REFUSED, scan(clamd, new byte[20_000_000], turn(LONG)));
        }
    }

    @Test
    void aScannerThatIsAwayOrHangsOrChattersFails() throws Exception {
        int port;
        try (FakeScanner clamd = new FakeScanner((in, out) -> {})) {
            port = clamd.port();
            failed(Failure.AWAY, scan(clamd, new byte[10], turn(LONG)));
        }
        failed(
                Failure.AWAY,
                ScannerPlace.clamd("127.0.0.1:" + port).scanner().scan(new Bytes(new byte[1], 1), "/f", turn(LONG)));
        failed(
                Failure.AWAY,
                ScannerPlace.clamd("unix:/nonexistent/clamd")
                        .scanner()
                        .scan(new Bytes(new byte[1], 1), "/f", turn(LONG)));
        try (FakeScanner clamd = new FakeScanner((in, out) -> in.readNBytes(Integer.MAX_VALUE))) {
            failed(Failure.TIMEOUT, scan(clamd, new byte[10], turn(Duration.ofMillis(300))));
        }
        try (FakeScanner clamd = new FakeScanner((in, out) -> {
            while (true) {
                FakeScanner.say(out, "for ever ");
            }
        })) {
            failed(Failure.REFUSED, scan(clamd, new byte[10], turn(LONG)));
        }
    }

    @Test
    void aScanEndsWhenNobodyWaits() throws Exception {
        AtomicInteger alive = new AtomicInteger();
        Turn turn = new Turn(
                new Turn.Waiting() {
                    @Override
                    public void alive() {
                        alive.incrementAndGet();
                    }

                    @Override
                    public boolean isOver() {
                        return alive.get() >= 8;
                    }
                },
                LONG);
        try (FakeScanner clamd = new FakeScanner((in, out) -> in.readNBytes(Integer.MAX_VALUE))) {
            assertThrows(ScanStopped.class, () -> scan(clamd, new byte[10], turn));
        }
        assertEquals(8, alive.get());
    }
}
