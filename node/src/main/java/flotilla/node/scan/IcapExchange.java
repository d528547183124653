package flotilla.node.scan;

import flotilla.node.scan.IcapRequest.Method;
import flotilla.node.scan.Verdict.Clean;
import flotilla.node.scan.Verdict.Failed;
import flotilla.node.scan.Verdict.Failure;
import flotilla.node.scan.Verdict.Infected;
import flotilla.storage.ByteSource;
import flotilla.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One scan by an ICAP service on a connection of its own. The service may answer before it has the whole file, and it
 * may send the file back while it receives it.
 */
final class IcapExchange {
    static final int CHUNK = 64 * 1024;
    /** Most digits of a chunk's length, which its line has before it. */
    private static final int LENGTH = 8;

    private static final Pattern PASSED_RESPONSE = Pattern.compile("HTTP/1\\.[0-9] 200[ \r\n]");
    private static final Pattern PASSED_REQUEST = Pattern.compile("PUT ");

    private final ByteSource file;
    private final Method method;
    private final ScannerSocket icap;
    private final MessageDigest sent = Digests.sha256();
    private final ByteBuffer chunk = ByteBuffer.allocate(LENGTH + 2 + CHUNK + 2);
    private @Nullable IcapHead answer;
    private @Nullable IcapEcho echo;

    IcapExchange(ByteSource file, Method method, ScannerSocket icap) {
        this.file = file;
        this.method = method;
        this.icap = icap;
    }

    /**
     * Sends a file and takes the verdict.
     *
     * @param head the heads of the request
     * @param preview bytes that the service wants before the rest; empty for none
     */
    Verdict scan(String head, OptionalInt preview) throws IOException, StorageException, ScanStopped {
        long size = file.size();
        boolean isAll = preview.isEmpty() || size <= preview.getAsInt();
        boolean whole = send(ScannerSocket.ascii(head));
        if (preview.isPresent()) {
            whole = whole
                    && chunks(Math.min(size, preview.getAsInt()))
                    && send(ScannerSocket.ascii(isAll ? "0; ieof\r\n\r\n" : "0\r\n\r\n"));
            IcapHead first = answer != null ? answer : head();
            if (first.status() != 100) {
                return verdict(first, whole, isAll);
            }
            if (isAll || !whole) {
                throw new ProtocolProblem("the service asks for more than there is");
            }
        }
        whole = whole && chunks(Long.MAX_VALUE) && send(ScannerSocket.ascii("0\r\n\r\n"));
        return verdict(answer != null ? answer : head(), whole, whole);
    }

    private IcapHead head() throws IOException, ScanStopped {
        return IcapHead.read(most -> icap.line('\n', most));
    }

    /** Sends bytes. Returns false when the service takes no more, or its answer needs none. */
    private boolean send(ByteBuffer bytes) throws IOException, ScanStopped {
        if (echo == null) {
            if (icap.write(bytes)) {
                return true;
            }
            IcapHead early = head();
            answer = early;
            if (!isEcho(early)) {
                return false;
            }
            echo = new IcapEcho(early);
        }
        return icap.write(bytes, echo::take);
    }

    private static boolean isEcho(IcapHead head) {
        return head.status() == 200 && head.threat().isEmpty();
    }

    /** Sends bytes of the file in chunks of HTTP. Returns false as {@link #send} does. */
    private boolean chunks(long most) throws IOException, StorageException, ScanStopped {
        long left = most;
        while (left > 0) {
            chunk.clear().position(LENGTH + 2).limit(LENGTH + 2 + (int) Math.min(CHUNK, left));
            int read = file.read(chunk);
            if (read < 0) {
                return true;
            }
            left -= read;
            sent.update(chunk.array(), LENGTH + 2, read);
            if (!send(framed(chunk, read))) {
                return false;
            }
        }
        return true;
    }

    /** Puts the line with the length before a chunk, for which ten bytes are free, and the end of line behind it. */
    private static ByteBuffer framed(ByteBuffer chunk, int length) {
        int end = LENGTH + 2 + length;
        byte[] line = String.format(Locale.ROOT, "%08x\r\n", length).getBytes(StandardCharsets.US_ASCII);
        chunk.clear();
        chunk.put(0, line).put(end, (byte) '\r').put(end + 1, (byte) '\n');
        return chunk.position(0).limit(end + 2);
    }

    /**
     * Returns what an answer means.
     *
     * @param asked whether the service had all that it asked for when it answered
     * @param whole whether it had the whole file
     */
    private Verdict verdict(IcapHead head, boolean asked, boolean whole) throws IOException, ScanStopped {
        if (!isEcho(head) || !whole) {
            return verdict(head, asked);
        }
        IcapEcho back = echo != null ? echo : new IcapEcho(head);
        if (!icap.drain(back::take, back::isDone)) {
            return new Infected("cut off by the ICAP service"); // a service that finds something late can do no more
        }
        Pattern passed = method == Method.RESPMOD ? PASSED_RESPONSE : PASSED_REQUEST;
        return back.isSame(passed, sent.digest()) ? new Clean() : verdict(head, true);
    }

    /**
     * Returns what an answer means, if it does not hold the same file.
     *
     * @param asked whether the service had all that it asked for when it answered
     */
    static Verdict verdict(IcapHead head, boolean asked) {
        Optional<String> threat = head.threat();
        if (threat.isPresent()) {
            return new Infected(threat.get());
        }
        return switch (head.status()) {
            case 204 ->
                asked
                        ? new Clean()
                        : new Failed(Failure.REFUSED, "the ICAP service answered 204 before it had the whole file");
            case 200, 206 -> new Infected("changed by the ICAP service");
            case 413 -> new Failed(Failure.TOO_LARGE, "the ICAP service answered 413");
            default -> new Failed(Failure.REFUSED, "the ICAP service answered " + head.status());
        };
    }
}
