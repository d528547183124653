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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Scans with a service of an ICAP server (RFC 3507). OPTIONS tells once in a while which method the service has, and how
 * many bytes it wants to see before the rest. The answer 204 means that the file may be stored as it is. Every other
 * answer with success means that the service wants another file in its place, so this one counts as infected.
 */
final class IcapScanner implements Scanner {
    private static final int CHUNK = 64 * 1024;
    private static final int MAX_PREVIEW = CHUNK;
    private static final long DEFAULT_TTL = 300;
    private static final long MAX_TTL = 3600;
    /** Most digits of a chunk's length, which its line has before it. */
    private static final int LENGTH = 8;

    private final ScannerPlace.Icap place;
    private final IcapRequest request;
    private volatile @Nullable Service known;

    IcapScanner(ScannerPlace.Icap place) {
        this.place = place;
        this.request = new IcapRequest(place);
    }

    /**
     * What the service has said of itself.
     *
     * @param until the time at which it is asked again, as {@link System#nanoTime} gives it
     */
    private record Service(Method method, OptionalInt preview, long until) {}

    @Override
    public Verdict scan(ByteSource file, String path, Turn turn) throws ScanStopped {
        return Failures.caught(place, () -> {
            Service service = service(turn);
            try (ScannerSocket icap = ScannerSocket.connect(place.address(), turn)) {
                return scan(file, path, service, icap);
            } catch (IOException e) {
                known = null;
                throw e;
            }
        });
    }

    private Service service(Turn turn) throws IOException, ScanStopped {
        Service now = known;
        if (now != null && now.until() - System.nanoTime() > 0) {
            return now;
        }
        try (ScannerSocket icap = ScannerSocket.connect(place.address(), turn)) {
            boolean sent = icap.write(ScannerSocket.ascii(request.options()));
            IcapHead head = head(icap);
            if (!sent || head.status() != 200) {
                throw new ProtocolProblem("OPTIONS was answered by " + head.status());
            }
            Service told = new Service(method(head), head.preview(MAX_PREVIEW), System.nanoTime() + ttl(head));
            known = told;
            return told;
        }
    }

    private static Method method(IcapHead head) throws ProtocolProblem {
        List<String> methods =
                Arrays.asList(head.field("Methods").toUpperCase(Locale.ROOT).split("[,\\s]+"));
        for (Method each : Method.values()) {
            if (methods.contains(each.name())) {
                return each;
            }
        }
        throw new ProtocolProblem("the service has neither RESPMOD nor REQMOD");
    }

    private static long ttl(IcapHead head) {
        String text = head.field("Options-TTL");
        long seconds = text.matches("[0-9]{1,9}") ? Math.min(MAX_TTL, Long.parseLong(text)) : DEFAULT_TTL;
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    private Verdict scan(ByteSource file, String path, Service service, ScannerSocket icap)
            throws IOException, StorageException, ScanStopped {
        long size = file.size();
        OptionalInt preview = service.preview();
        if (!icap.write(ScannerSocket.ascii(request.scan(service.method(), path, size, preview)))) {
            return verdict(head(icap), false);
        }
        if (preview.isEmpty()) {
            return rest(file, icap);
        }
        boolean isAll = size <= preview.getAsInt();
        boolean written = chunks(file, Math.min(size, preview.getAsInt()), icap)
                && icap.write(ScannerSocket.ascii(isAll ? "0; ieof\r\n\r\n" : "0\r\n\r\n"));
        IcapHead head = head(icap);
        if (head.status() != 100) {
            return verdict(head, written);
        }
        if (isAll || !written) {
            throw new ProtocolProblem("the service asks for more than there is");
        }
        return rest(file, icap);
    }

    private static Verdict rest(ByteSource file, ScannerSocket icap) throws IOException, StorageException, ScanStopped {
        boolean whole = chunks(file, Long.MAX_VALUE, icap) && icap.write(ScannerSocket.ascii("0\r\n\r\n"));
        return verdict(head(icap), whole);
    }

    private static IcapHead head(ScannerSocket icap) throws IOException, ScanStopped {
        return IcapHead.read(most -> icap.line('\n', most));
    }

    /** Sends bytes of the file in chunks of HTTP. Returns false when the service has answered before. */
    private static boolean chunks(ByteSource file, long most, ScannerSocket icap)
            throws IOException, StorageException, ScanStopped {
        ByteBuffer chunk = ByteBuffer.allocate(LENGTH + 2 + CHUNK + 2);
        long left = most;
        while (left > 0) {
            chunk.clear().position(LENGTH + 2).limit((int) Math.min(LENGTH + 2L + CHUNK, LENGTH + 2 + left));
            int read = file.read(chunk);
            if (read < 0) {
                return true;
            }
            left -= read;
            if (!icap.write(framed(chunk, read))) {
                return false;
            }
        }
        return true;
    }

    /** Puts the line with the length before a chunk, for which ten bytes are free, and the end of line behind it. */
    static ByteBuffer framed(ByteBuffer chunk, int length) {
        int end = LENGTH + 2 + length;
        byte[] line =
                String.format(Locale.ROOT, "%08x\r\n", length).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        chunk.clear();
        chunk.put(0, line).put(end, (byte) '\r').put(end + 1, (byte) '\n');
        return chunk.position(0).limit(end + 2);
    }

    /**
     * Returns what an answer means.
     *
     * @param whole whether the service had all that it asked for when it answered
     */
    static Verdict verdict(IcapHead head, boolean whole) {
        Optional<String> threat = head.threat();
        if (threat.isPresent()) {
            return new Infected(threat.get());
        }
        return switch (head.status()) {
            case 204 ->
                whole
                        ? new Clean()
                        : new Failed(Failure.REFUSED, "the ICAP service answered 204 before it had the whole file");
            case 200, 206 -> new Infected("changed by the ICAP service");
            case 413 -> new Failed(Failure.TOO_LARGE, "the ICAP service answered 413");
            default -> new Failed(Failure.REFUSED, "the ICAP service answered " + head.status());
        };
    }
}
