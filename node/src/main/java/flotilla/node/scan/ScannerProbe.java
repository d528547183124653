package flotilla.node.scan;

import flotilla.node.scan.Turn.Waiting;
import flotilla.node.scan.Verdict.Failed;
import flotilla.node.scan.Verdict.Failure;
import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a scanner about a small harmless file, to learn if it works. */
public final class ScannerProbe {
    private static final String TEXT = "A harmless text of flotilla doctor.\n";
    private static final Waiting PATIENT = new Waiting() {
        @Override
        public void alive() {
            // Nobody watches.
        }

        @Override
        public boolean isOver() {
            return false;
        }
    };

    private ScannerProbe() {}

    /**
     * Scans the harmless file. Blocks.
     *
     * @param time longest time of the scan
     * @return {@link Verdict.Clean} from a scanner that works
     */
    public static Verdict of(ScannerPlace place, Duration time) {
        try {
            return place.scanner().scan(new Harmless(), "/flotilla-doctor.txt", new Turn(PATIENT, time));
        } catch (ScanStopped interrupted) {
            return new Failed(Failure.TIMEOUT, "interrupted");
        }
    }

    private static final class Harmless implements ByteSource {
        private final ByteBuffer bytes = ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.US_ASCII));

        @Override
        public Entry entry() {
            return new Entry("flotilla-doctor.txt", Entry.Type.FILE, TEXT.length(), 0, 0, "");
        }

        @Override
        public int read(ByteBuffer buffer) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int count = Math.min(bytes.remaining(), buffer.remaining());
            buffer.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            return count;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
