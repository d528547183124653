package flotilla.node.scan;

import flotilla.node.tree.Backends;
import flotilla.node.tree.Mount;
import flotilla.node.tree.MountTable;
import flotilla.node.tree.UserTree;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.CommitFence;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A home with the uploads that must not be stored. Each is a file with a name of the server's own choice, and a text
 * beside it says what it is. Only the server's user can read them.
 */
public final class Quarantine {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int BUFFER = 256 * 1024;
    private static final int PAGE = 512;
    private static final int RANDOM_BYTES = 8;
    private static final String FILE = ".quarantined";
    private static final String NOTE = ".txt";
    private static final String UMASK = "077";

    private final Backends backends;
    private final String home;
    private final int mostFiles;
    private final long mostBytes;
    private final AtomicInteger filesOnTheWay = new AtomicInteger();
    private final AtomicLong bytesOnTheWay = new AtomicLong();
    private final SecureRandom random = new SecureRandom();

    /**
     * Names the home. Opens nothing.
     *
     * @param home as an account names it: a directory, or {@code STORE:/path}
     * @param mostFiles most files that are kept
     * @param mostBytes most bytes of these files together
     */
    public Quarantine(Backends backends, String home, int mostFiles, long mostBytes) {
        this.backends = backends;
        this.home = home;
        this.mostFiles = mostFiles;
        this.mostBytes = mostBytes;
    }

    /** Names the home that settings name. Opens nothing. */
    public static Quarantine of(Backends backends, ScanSettings settings) {
        return new Quarantine(backends, settings.quarantine(), settings.quarantineFiles(), settings.quarantineBytes());
    }

    /**
     * What a quarantine holds.
     *
     * @param files number of uploads
     * @param bytes their bytes together
     */
    public record Held(int files, long bytes) {}

    /**
     * Looks whether the home is there.
     *
     * @throws StorageException when it is not, or cannot be read
     */
    public Held held() throws StorageException {
        return held(tree());
    }

    private UserTree tree() throws StorageException {
        Mount mount = new Mount(home, List.of(), false, UMASK, MountTable.NONE);
        return new UserTree(backends.open(mount), mount);
    }

    /**
     * Keeps a copy of an upload.
     *
     * @param upload is read from its first byte to its last one; the caller closes it
     * @param why the signature, or why there is no verdict
     * @param node name of this node
     * @param fence tells whether this node may write
     * @param waiting hears that the work goes on; it does not end the work
     * @return the name of the file
     * @throws StorageException when it cannot be kept, or as many files or bytes as allowed are there; nothing is left
     *     then
     */
    String keep(ByteSource upload, Subject subject, String why, String node, CommitFence fence, Turn.Waiting waiting)
            throws StorageException {
        UserTree tree = tree();
        long size = upload.size();
        try {
            reserve(tree, filesOnTheWay.incrementAndGet(), bytesOnTheWay.addAndGet(size));
            return keep(tree, upload, subject, why, node, fence, waiting);
        } finally {
            filesOnTheWay.decrementAndGet();
            bytesOnTheWay.addAndGet(-size);
        }
    }

    /** Refuses what has no room beside what is there and what this node is about to keep. */
    private void reserve(UserTree tree, int files, long bytes) throws StorageException {
        Held held = held(tree);
        if (held.files() + files > mostFiles || held.bytes() + bytes > mostBytes) {
            throw new StorageException(
                    Reason.NO_SPACE,
                    "the quarantine " + home + " holds " + held.files() + " of " + mostFiles + " files with "
                            + held.bytes() + " of " + mostBytes + " bytes");
        }
    }

    private String keep(
            UserTree tree,
            ByteSource upload,
            Subject subject,
            String why,
            String node,
            CommitFence fence,
            Turn.Waiting waiting)
            throws StorageException {
        byte[] unique = new byte[RANDOM_BYTES];
        random.nextBytes(unique);
        Instant now = Instant.now();
        String name = TIME.format(now) + "-" + HexFormat.of().formatHex(unique);
        String note = note(now.truncatedTo(ChronoUnit.SECONDS), upload.size(), subject, why, node);
        VirtualPath notePath = VirtualPath.of("/" + name + NOTE);
        write(
                tree,
                notePath,
                fence,
                waiting,
                sink -> sink.write(ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8))));
        boolean kept = false;
        try {
            write(tree, VirtualPath.of("/" + name + FILE), fence, waiting, sink -> copy(upload, sink, waiting));
            kept = true;
        } finally {
            if (!kept) {
                tree.delete(notePath);
            }
        }
        return name + FILE;
    }

    private static Held held(UserTree tree) throws StorageException {
        int files = 0;
        long bytes = 0;
        try (Listing listing = tree.list(VirtualPath.ROOT, Listing.Order.NONE)) {
            for (List<Entry> page = listing.next(PAGE); !page.isEmpty(); page = listing.next(PAGE)) {
                for (Entry entry : page) {
                    if (entry.name().endsWith(FILE)) {
                        files++;
                        bytes += entry.size();
                    }
                }
            }
        }
        return new Held(files, bytes);
    }

    private interface Content {
        void write(ByteSink sink) throws StorageException;
    }

    private static void write(UserTree tree, VirtualPath path, CommitFence fence, Turn.Waiting waiting, Content content)
            throws StorageException {
        try (ByteSink sink = tree.write(path, WriteMode.CREATE_NEW)) {
            sink.fenceBy(fence);
            sink.whileWaiting(waiting::alive);
            content.write(sink);
            sink.commit();
        }
    }

    private static void copy(ByteSource upload, ByteSink sink, Turn.Waiting waiting) throws StorageException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (upload.read(buffer) >= 0) {
            waiting.alive();
            sink.write(buffer.flip());
            buffer.clear();
        }
    }

    private static String note(Instant when, long size, Subject subject, String why, String node) {
        return "when: " + when + "\nuser: " + line(subject.user()) + "\npath: " + line(subject.path()) + "\nbytes: "
                + size + "\nwhy: " + line(why) + "\nsession: " + line(subject.session()) + "\nnode: " + line(node)
                + "\n";
    }

    /** A text of a client as one line: control characters become question marks. */
    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
