package flotilla.node.scan;

import flotilla.node.scan.Verdict.Clean;
import flotilla.node.scan.Verdict.Failed;
import flotilla.node.scan.Verdict.Failure;
import flotilla.node.scan.Verdict.Infected;
import flotilla.storage.ByteSource;
import flotilla.storage.StorageException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Scans with clamd: {@code zINSTREAM} sends the file in chunks, each with its length before it as four bytes in network
 * order; a length of zero ends the file (clamd(8)). The answer is one line that ends with a zero byte. Each scan has a
 * connection of its own.
 */
final class ClamdScanner implements Scanner {
    private static final int CHUNK = 64 * 1024;
    private static final int MAX_ANSWER = 4096;
    private static final String PREFIX = "stream: ";
    /** What clamd finds in a file that it did not scan whole, with {@code AlertExceedsMax}. */
    private static final String LIMITS = "Heuristics.Limits.Exceeded";

    private final ScannerPlace.Clamd place;

    ClamdScanner(ScannerPlace.Clamd place) {
        this.place = place;
    }

    @Override
    public Verdict scan(ByteSource file, String path, Turn turn) throws ScanStopped {
        return Failures.caught(place, () -> {
            try (ScannerSocket clamd = ScannerSocket.connect(place.address(), turn)) {
                boolean whole = send(clamd, file);
                String answer = answer(clamd, whole);
                Verdict verdict = verdict(answer);
                return whole || !(verdict instanceof Clean)
                        ? verdict
                        : new Failed(Failure.REFUSED, "clamd answered before it had the whole file: " + answer);
            }
        });
    }

    private static String answer(ScannerSocket clamd, boolean whole) throws IOException, ScanStopped {
        try {
            return clamd.line(0, MAX_ANSWER);
        } catch (ProtocolProblem e) {
            throw e;
        } catch (EOFException e) {
            throw e;
        } catch (IOException e) {
            throw whole ? e : new EOFException("clamd closed the connection before it had the whole file");
        }
    }

    /** Sends the file. Returns false when clamd has answered before its end. */
    private static boolean send(ScannerSocket clamd, ByteSource file)
            throws IOException, StorageException, ScanStopped {
        if (!clamd.write(ScannerSocket.ascii("zINSTREAM\0"))) {
            return false;
        }
        ByteBuffer chunk = ByteBuffer.allocate(Integer.BYTES + CHUNK);
        chunk.position(Integer.BYTES);
        while (file.read(chunk) >= 0) {
            if (!clamd.write(framed(chunk))) {
                return false;
            }
            chunk.clear().position(Integer.BYTES);
        }
        return clamd.write(framed(chunk));
    }

    /** Puts the length before a chunk, for which four bytes are free. An empty chunk is the end of the file. */
    static ByteBuffer framed(ByteBuffer chunk) {
        return chunk.putInt(0, chunk.position() - Integer.BYTES).flip();
    }

    /** Returns what an answer means. */
    static Verdict verdict(String answer) {
        String text = answer.strip();
        String result = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
        if (text.equals(PREFIX + "OK")) {
            return new Clean();
        }
        if (text.startsWith(PREFIX) && result.endsWith(" FOUND")) {
            String name = result.substring(0, result.length() - " FOUND".length());
            return name.startsWith(LIMITS)
                    ? new Failed(Failure.TOO_LARGE, "clamd did not scan the whole file: " + name)
                    : new Infected(name);
        }
        if (text.contains("size limit exceeded")) {
            return new Failed(Failure.TOO_LARGE, "clamd: " + text + " (StreamMaxLength)");
        }
        return new Failed(Failure.REFUSED, "clamd: " + text);
    }
}
