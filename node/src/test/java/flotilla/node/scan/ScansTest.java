package flotilla.node.scan;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.ScanOutcome;
import flotilla.node.event.NodeEvent.ScanResult;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.scan.ScanSettings.OnFailure;
import flotilla.node.tree.Mount;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.CommitFence;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadStart;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What follows from verdicts, and from their absence. */
@Timeout(60)
class ScansTest {
    private static final Subject SUBJECT = new Subject("/f", "alice", "0-s");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final MemoryBackends backends = new MemoryBackends();
    private final BlockingQueue<NodeEvent.Scanned> events = new LinkedBlockingQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();

    private static ScanSettings settings(int port, Duration timeout, OnFailure onFailure, String quarantine) {
        return new ScanSettings(
                Optional.of(ScannerPlace.clamd("127.0.0.1:" + port)),
                List.of(),
                0,
                timeout,
                onFailure,
                1,
                quarantine,
                1,
                1000);
    }

    private Scans scans(ScanSettings settings) {
        return new Scans(() -> settings, backends, "node-1", event -> events.add((NodeEvent.Scanned) event));
    }

    private boolean passes(Scans scans, ByteSink sink) throws StorageException {
        return scans.passes(sink, SUBJECT, CommitFence.OPEN, waiting());
    }

    private Turn.Waiting waiting() {
        return new Turn.Waiting() {
            @Override
            public void alive() {
                // It just waits.
            }

            @Override
            public boolean isOver() {
                return over.get();
            }
        };
    }

    private ByteSink upload() throws StorageException {
        ByteSink sink =
                backends.open(new Mount("home", List.of(), false)).write(VirtualPath.of("/f"), WriteMode.REPLACE);
        sink.write(ByteBuffer.wrap("content".getBytes(US_ASCII)));
        return sink;
    }

    private Reason refused(Scans scans) throws StorageException {
        try (ByteSink sink = upload()) {
            return assertThrows(StorageException.class, () -> passes(scans, sink))
                    .reason();
        }
    }

    private void ended(ScanResult result, ScanOutcome outcome) throws Exception {
        NodeEvent.Scanned event = events.take();
        assertEquals(result + " " + outcome, event.result() + " " + event.outcome(), event.what());
    }

    private static FakeScanner infected() throws Exception {
        FakeScanner[] self = new FakeScanner[1];
        self[0] = new FakeScanner((in, out) -> {
            self[0].instream(in);
            FakeScanner.say(out, "stream: Evil FOUND\0");
        });
        return self[0];
    }

    @Test
    void aFullQuarantineDropsWhatIsInfected() throws Exception {
        try (FakeScanner clamd = infected()) {
            Scans scans = scans(settings(clamd.port(), LONG, OnFailure.REFUSE, "quarantine"));
            assertEquals(Reason.INFECTED, refused(scans));
            ended(ScanResult.INFECTED, ScanOutcome.QUARANTINED);
            assertEquals(Reason.INFECTED, refused(scans));
            ended(ScanResult.INFECTED, ScanOutcome.DROPPED);
            assertEquals(new Quarantine.Held(1, 7), new Quarantine(backends, "quarantine", 1, 1000).held());
        }
    }

    @Test
    void aQuarantineIsFullAlsoByItsBytes() throws Exception {
        Quarantine small = new Quarantine(backends, "quarantine", 100, 13);
        for (boolean fits : List.of(true, false)) {
            try (ByteSink sink = upload();
                    ByteSource whole = sink.review()) {
                if (fits) {
                    small.keep(whole, SUBJECT, "Evil", "node-1", CommitFence.OPEN, waiting());
                } else {
                    StorageException refused = assertThrows(
                            StorageException.class,
                            () -> small.keep(whole, SUBJECT, "Evil", "node-1", CommitFence.OPEN, waiting()));
                    assertEquals(Reason.NO_SPACE, refused.reason());
                }
            }
            assertEquals(new Quarantine.Held(1, 7), small.held());
        }
    }

    @Test
    void aScanThatBreaksIsAFailureLikeOthers() throws Exception {
        try (FakeScanner clamd = infected()) {
            Blind blind = new Blind() {
                @Override
                public ByteSource review() {
                    throw new IllegalStateException("for the test");
                }
            };
            Scans scans = scans(settings(clamd.port(), LONG, OnFailure.REFUSE, ""));
            StorageException refused = assertThrows(StorageException.class, () -> passes(scans, blind));
            assertEquals(Reason.NOT_SCANNED, refused.reason());
            ended(ScanResult.REFUSED, ScanOutcome.REFUSED);
            assertEquals(0, scans.running());
        }
    }

    @Test
    void usersWhoWaitGetTheirPlacesInTurn() throws Exception {
        Places places = new Places(1);
        Places.Place first = places.ask("alice");
        assertTrue(first.await(1));
        Places.Place second = places.ask("alice");
        Places.Place third = places.ask("alice");
        Places.Place bobs = places.ask("bob");
        Places.Place carols = places.ask("carol");
        carols.close(); // she gives up
        assertFalse(second.await(1));
        List<Places.Place> order = List.of(first, second, bobs, third);
        for (int next = 0; next < order.size(); next++) {
            assertTrue(order.get(next).await(1), "number " + next);
            assertEquals(1, places.taken());
            order.get(next).close();
            order.get(next).close();
        }
        assertEquals(0, places.taken());
    }

    @Test
    void aMissingQuarantineDropsWhatIsInfectedAndRefusesTheRest() throws Exception {
        int port;
        try (FakeScanner clamd = infected()) {
            port = clamd.port();
            assertEquals(Reason.INFECTED, refused(scans(settings(port, LONG, OnFailure.QUARANTINE, "missing"))));
            ended(ScanResult.INFECTED, ScanOutcome.DROPPED);
        }
        assertEquals(Reason.NOT_SCANNED, refused(scans(settings(port, LONG, OnFailure.QUARANTINE, "missing"))));
        ended(ScanResult.AWAY, ScanOutcome.REFUSED);
        assertEquals(Reason.HELD_BACK, refused(scans(settings(port, LONG, OnFailure.QUARANTINE, "quarantine"))));
        ended(ScanResult.AWAY, ScanOutcome.QUARANTINED);
    }

    @Test
    void aStoreThatCannotReadUploadsBackHasNoVerdict() throws Exception {
        try (FakeScanner clamd = infected()) {
            ByteSink blind = new Blind();
            Scans scans = scans(settings(clamd.port(), LONG, OnFailure.REFUSE, ""));
            StorageException refused = assertThrows(StorageException.class, () -> passes(scans, blind));
            assertEquals(Reason.NOT_SCANNED, refused.reason());
            ended(ScanResult.UNREADABLE, ScanOutcome.REFUSED);
            assertTrue(passes(scans(settings(clamd.port(), LONG, OnFailure.ACCEPT, "")), blind));
            ended(ScanResult.UNREADABLE, ScanOutcome.PASSED);
        }
    }

    @Test
    void aScanWaitsForItsTurnAndGivesUp() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        FakeScanner[] self = new FakeScanner[1];
        self[0] = new FakeScanner((in, out) -> {
            self[0].instream(in);
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            FakeScanner.say(out, "stream: OK\0");
        });
        try (FakeScanner clamd = self[0];
                ByteSink first = upload()) {
            ScanSettings[] now = {settings(clamd.port(), LONG, OnFailure.REFUSE, "")};
            Scans scans = new Scans(() -> now[0], backends, "node-1", event -> events.add((NodeEvent.Scanned) event));
            CompletableFuture<Boolean> running = CompletableFuture.supplyAsync(() -> {
                try {
                    return passes(scans, first);
                } catch (StorageException e) {
                    throw new IllegalStateException(e);
                }
            });
            begun.await();
            assertEquals(1, scans.running());
            now[0] = settings(clamd.port(), Duration.ofMillis(300), OnFailure.REFUSE, "");
            assertEquals(Reason.NOT_SCANNED, passesAnother(scans));
            ended(ScanResult.TIMEOUT, ScanOutcome.REFUSED);
            end.countDown();
            assertTrue(running.get());
            ended(ScanResult.CLEAN, ScanOutcome.PASSED);
            assertEquals(0, scans.running());
            over.set(true);
            assertFalse(passes(scans, first));
            assertEquals(0, scans.running());
        }
    }

    /** The backend has one upload of a file at a time. */
    private Reason passesAnother(Scans scans) throws StorageException {
        try (ByteSink sink =
                backends.open(new Mount("other", List.of(), false)).write(VirtualPath.of("/f"), WriteMode.REPLACE)) {
            return assertThrows(StorageException.class, () -> passes(scans, sink))
                    .reason();
        }
    }

    /** An upload to a store that cannot read it back. */
    private static class Blind implements ByteSink {
        @Override
        public UploadStart begun() {
            return new UploadStart(UploadStart.Base.NOTHING, 0);
        }

        @Override
        public OptionalLong replaced() {
            return OptionalLong.empty();
        }

        @Override
        public void write(ByteBuffer buffer) {
            buffer.position(buffer.limit());
        }

        @Override
        public long commit() {
            throw new IllegalStateException("it is not committed here");
        }

        @Override
        public void abort(Remains remains) {
            // Nothing was kept.
        }
    }
}
