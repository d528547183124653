package flotilla.node.scan;

import flotilla.node.scan.IcapRequest.Method;
import flotilla.storage.ByteSource;
import flotilla.storage.StorageException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Scans with a service of an ICAP server (RFC 3507). OPTIONS tells once in a while which method the service has, and how
 * many bytes it wants to see before the rest. The answer 204 means that the file may be stored as it is, and so does 200
 * with the same file. Every other answer with success means that the service wants another file in its place, so this
 * one counts as infected.
 */
final class IcapScanner implements Scanner {
    private static final int MAX_PREVIEW = IcapExchange.CHUNK;
    private static final long DEFAULT_TTL = 300;
    private static final long MAX_TTL = 3600;

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
            IcapHead head = IcapHead.read(most -> icap.line('\n', most));
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
        String head = request.scan(service.method(), path, file.size(), service.preview());
        return new IcapExchange(file, service.method(), icap).scan(head, service.preview());
    }
}
