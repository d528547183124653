package flotilla.node.scan;

import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.ScanOutcome;
import flotilla.node.event.NodeEvent.ScanResult;
import flotilla.node.event.RareLines;
import flotilla.node.scan.Places.Place;
import flotilla.node.scan.ScanSettings.OnFailure;
import flotilla.node.scan.Turn.Waiting;
import flotilla.node.scan.Verdict.Failed;
import flotilla.node.scan.Verdict.Failure;
import flotilla.node.scan.Verdict.Infected;
import flotilla.node.tree.Backends;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.CommitFence;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans the uploads of a node between their last byte and their commit, a bounded number at once. Each scan blocks the
 * thread of its transfer.
 */
public final class Scans {
    private static final Logger LOG = LoggerFactory.getLogger(Scans.class);

    private final Supplier<ScanSettings> settings;
    private final Optional<Scanner> scanner;
    private final Places places;
    private final Quarantine quarantine;
    private final String node;
    private final EventSink events;
    private final RareLines rare = new RareLines();

    /**
     * Creates the scans.
     *
     * @param settings the settings in force, asked each time; scanner, quarantine and number are those at the start
     * @param backends opens the quarantine
     * @param node name of this node
     * @param events gets an event for each scan
     */
    public Scans(Supplier<ScanSettings> settings, Backends backends, String node, EventSink events) {
        this.settings = settings;
        ScanSettings first = settings.get();
        this.scanner = first.scanner().map(ScannerPlace::scanner);
        this.places = new Places(first.maxScans());
        this.quarantine = Quarantine.of(backends, first);
        this.node = node;
        this.events = events;
    }

    /** Scans nothing. */
    public static Scans off(Backends backends) {
        return new Scans(() -> ScanSettings.OFF, backends, "", event -> {});
    }

    /** The review of one upload. */
    private final class Review {
        private final ByteSink sink;
        private final Subject subject;
        private final CommitFence fence;
        private final Waiting waiting;
        private final Turn turn;
        private final ScanSettings now = settings.get();
        private final long begun = System.nanoTime();
        private long bytes;

        Review(ByteSink sink, Subject subject, CommitFence fence, Waiting waiting) {
            this.sink = sink;
            this.subject = subject;
            this.fence = fence;
            this.waiting = waiting;
            this.turn = new Turn(waiting, now.timeout());
        }

        Verdict verdict(Scanner with) throws ScanStopped {
            try (Place place = places.ask(subject.user())) {
                if (!isTurn(place)) {
                    return new Failed(Failure.TIMEOUT, "no turn came: storage.scan.max-scans");
                }
                turn.restart(now.timeout());
                return scanned(with);
            }
        }

        private Verdict scanned(Scanner with) throws ScanStopped {
            try (ByteSource file = sink.review()) {
                bytes = file.size();
                return now.maxBytes() > 0 && bytes > now.maxBytes()
                        ? new Failed(Failure.TOO_LARGE, "larger than storage.scan.max-bytes")
                        : with.scan(file, subject.path(), turn);
            } catch (StorageException e) {
                return new Failed(Failure.UNREADABLE, "the upload cannot be read back: " + e.reason());
            } catch (RuntimeException e) { // a fault of the scanner's client is a failure like others
                LOG.error("a scan of an upload of {} broke", subject.user(), e);
                return new Failed(
                        Failure.REFUSED, "the scan broke: " + e.getClass().getSimpleName());
            }
        }

        private boolean isTurn(Place place) throws ScanStopped {
            try {
                long wait = turn.look();
                while (!place.await(wait)) {
                    wait = turn.look();
                    if (wait == 0) {
                        return false;
                    }
                }
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ScanStopped();
            }
        }

        void infected(Infected infected) throws StorageException {
            boolean kept = !now.quarantine().isEmpty() && isKept(infected.name());
            ended(ScanResult.INFECTED, kept ? ScanOutcome.QUARANTINED : ScanOutcome.DROPPED, infected.name());
            throw new StorageException(Reason.INFECTED, infected.name());
        }

        void failed(Failed failed) throws StorageException {
            ScanResult result = ScanResult.valueOf(failed.kind().name());
            if (now.onFailure() == OnFailure.ACCEPT) {
                ended(result, ScanOutcome.PASSED, failed.why());
                return;
            }
            if (now.onFailure() == OnFailure.QUARANTINE && isKept(failed.why())) {
                ended(result, ScanOutcome.QUARANTINED, failed.why());
                throw new StorageException(Reason.HELD_BACK, failed.why());
            }
            boolean forever = failed.kind() == Failure.TOO_LARGE;
            ended(result, forever ? ScanOutcome.DROPPED : ScanOutcome.REFUSED, failed.why());
            throw new StorageException(forever ? Reason.TOO_LARGE_TO_SCAN : Reason.NOT_SCANNED, failed.why());
        }

        private boolean isKept(String why) {
            try (ByteSource file = sink.review()) {
                String name = quarantine.keep(file, subject, why, node, fence, waiting);
                LOG.info("an upload of {} is in the quarantine as {}", subject.user(), name);
                return true;
            } catch (StorageException | RuntimeException e) {
                LOG.error("an upload of {} cannot be put into the quarantine: {}", subject.user(), e.getMessage());
                return false;
            }
        }

        void ended(ScanResult result, ScanOutcome outcome, String what) {
            long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
            log(result, outcome, what);
            events.accept(new NodeEvent.Scanned(
                    subject.session(), subject.user(), subject.path(), result, outcome, what, bytes, millis));
        }

        private void log(ScanResult result, ScanOutcome outcome, String what) {
            if (result == ScanResult.INFECTED) {
                rare.next(subject.user(), System.nanoTime())
                        .ifPresent(more -> LOG.warn(
                                "an upload of {} is infected: {}, {} ({} more of this user since the last such line)",
                                subject.user(),
                                what,
                                outcome,
                                more));
            } else if (result != ScanResult.CLEAN) {
                rare.next(result, System.nanoTime())
                        .ifPresent(more -> LOG.warn(
                                "an upload could not be scanned: {}, {} ({} more like it since the last such line)",
                                what,
                                outcome,
                                more));
            }
        }
    }

    /** Returns the number of scans that run now. */
    public int running() {
        return places.taken();
    }

    /**
     * Scans a whole upload if its path is one that is scanned. Blocks.
     *
     * @param sink has all its bytes; the caller commits or aborts it
     * @param fence tells whether this node may write
     * @return false when the upload was given up meanwhile
     * @throws StorageException {@code INFECTED}, {@code TOO_LARGE_TO_SCAN} or {@code HELD_BACK}: nobody may resume the
     *     upload; {@code NOT_SCANNED}: it can be tried again
     */
    public boolean passes(ByteSink sink, Subject subject, CommitFence fence, Waiting waiting) throws StorageException {
        if (scanner.isEmpty() || !settings.get().covers(subject.path())) {
            return true;
        }
        Review review = new Review(sink, subject, fence, waiting);
        try {
            Verdict verdict = review.verdict(scanner.get());
            if (verdict instanceof Infected infected) {
                review.infected(infected);
            } else if (verdict instanceof Failed failed) {
                review.failed(failed);
            } else {
                review.ended(ScanResult.CLEAN, ScanOutcome.PASSED, "");
            }
            return true;
        } catch (ScanStopped stopped) {
            return false;
        }
    }
}
