package flotilla.ops.doctor;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.Capability;
import flotilla.storage.ConditionReport;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Tries what a store can do, step by step, on files of its own in a directory of its own. It removes both. It stops at
 * the first step that fails, but for the removal.
 */
final class StoreProbe {
    private static final int BYTES = 64 << 10;
    private static final int LESS = 40_000;
    private static final long CLOCKS_DIFFER = TimeUnit.MINUTES.toMillis(2);

    /**
     * A step, and what came of it.
     *
     * @param what one or two words
     */
    record Step(String what, Outcome outcome) {}

    /** The work of a step; what it returns follows its name in the report. */
    private interface Work {
        String run() throws StorageException;
    }

    private final StorageBackend backend;
    private final Set<Capability> can;
    private final String remedy;
    private final List<Step> steps = new ArrayList<>();
    private final VirtualPath directory;
    private final VirtualPath file;
    private final VirtualPath renamed;
    private final byte[] content = new byte[BYTES];
    private boolean failed;

    /** @param remedy what to do when the store fails without a better known reason */
    StoreProbe(StorageBackend backend, String remedy) throws StorageException {
        this.backend = backend;
        this.can = backend.capabilities();
        this.remedy = remedy;
        byte[] unique = new byte[8];
        SecureRandom random = new SecureRandom();
        random.nextBytes(unique);
        random.nextBytes(content);
        this.directory = VirtualPath.of("/flotilla-doctor-" + HexFormat.of().formatHex(unique));
        this.file = directory.resolve("written");
        this.renamed = directory.resolve("renamed");
    }

    List<Step> run() {
        try {
            step("directory", () -> backend.makeDirectory(directory).isDirectory() ? "made" : "made no directory");
            step("write", this::write);
            step("read", this::read);
            step("list", this::list);
            if (can.contains(Capability.RESUME)) {
                step("resume", this::resume);
            }
            if (can.contains(Capability.APPEND)) {
                step("append", this::append);
            }
            step("rename", this::rename);
            conditions();
        } finally {
            failed = false;
            step("remove", this::remove);
        }
        return steps;
    }

    private void step(String what, Work work) {
        if (failed) {
            return;
        }
        long begun = System.nanoTime();
        try {
            String text = work.run();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            steps.add(new Step(what, Outcome.ok(text + ", in " + millis + " ms.")));
        } catch (StorageException e) {
            failed = true;
            steps.add(new Step(what, Outcome.fail("It fails: " + e.getMessage() + ".", remedy(e.reason(), remedy))));
        }
    }

    /** What to do about a failure. */
    static String remedy(Reason reason, String otherwise) {
        return switch (reason) {
            case ACCESS_DENIED -> "Let the server's user or its credentials do that there. " + otherwise;
            case NO_SPACE -> "Make room.";
            case DISK_QUOTA -> "Raise the quota of the server's user there.";
            case READ_ONLY -> "Mount it so that it can be written.";
            default -> otherwise;
        };
    }

    private static StorageException wrong(String what) {
        return new StorageException(Reason.IO, what);
    }

    private String write() throws StorageException {
        upload(file, WriteMode.CREATE_NEW, 0, BYTES);
        Entry entry = backend.stat(file);
        if (entry.size() != BYTES) {
            throw wrong(BYTES + " bytes were written, and it shows " + entry.size());
        }
        long apart = entry.modifiedMillis() - System.currentTimeMillis();
        if (Math.abs(apart) > CLOCKS_DIFFER) {
            steps.add(new Step(
                    "clock",
                    Outcome.warn(
                            "The store's clock and that of this machine differ by " + apart / 1000 + " s.",
                            "Set both by NTP.")));
        }
        return BYTES + " bytes written";
    }

    private void upload(VirtualPath to, WriteMode mode, int from, int end) throws StorageException {
        try (ByteSink sink = backend.write(to, mode)) {
            sink.write(ByteBuffer.wrap(content, from, end - from));
            sink.commit();
        }
    }

    private String read() throws StorageException {
        compare(file, 0, BYTES);
        compare(file, LESS, BYTES);
        return "read from its beginning and from byte " + LESS + " on";
    }

    /** Compares a file with the content that it should have. */
    private void compare(VirtualPath path, int offset, int end) throws StorageException {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES + 1);
        try (ByteSource source = backend.read(path, offset)) {
            while (buffer.hasRemaining() && source.read(buffer) >= 0) {
                // until the end of the file
            }
        }
        if (!buffer.flip().equals(ByteBuffer.wrap(content, offset, end - offset))) {
            throw wrong("it gives other bytes than were written");
        }
    }

    private String list() throws StorageException {
        try (Listing listing = backend.list(directory, Listing.Order.NONE)) {
            List<String> names = listing.next(10).stream().map(Entry::name).toList();
            if (!names.equals(List.of(file.name()))) {
                throw wrong("the listing of a directory with one file has " + names);
            }
        }
        return "listed";
    }

    private String resume() throws StorageException {
        VirtualPath broken = directory.resolve("resumed");
        try (ByteSink sink = backend.write(broken, WriteMode.CREATE_NEW)) {
            sink.write(ByteBuffer.wrap(content, 0, LESS));
            sink.abort(ByteSink.Remains.KEEP);
        }
        int kept = (int) Math.min(LESS, backend.partSize(broken).orElse(0));
        if (kept == 0) {
            return "not tried, because it keeps no broken uploads (keep-parts)";
        }
        upload(broken, WriteMode.resumeAt(kept), kept, BYTES);
        compare(broken, 0, BYTES);
        backend.delete(broken);
        return "a broken upload resumed at byte " + kept;
    }

    private String append() throws StorageException {
        VirtualPath grown = directory.resolve("appended");
        upload(grown, WriteMode.CREATE_NEW, 0, LESS);
        upload(grown, WriteMode.APPEND, LESS, BYTES);
        compare(grown, 0, BYTES);
        backend.delete(grown);
        return "appended";
    }

    private String rename() throws StorageException {
        backend.rename(file, backend.stat(file).identity(), renamed, false);
        compare(renamed, 0, BYTES);
        return "renamed" + (can.contains(Capability.ATOMIC_RENAME) ? "" : ", though not in one step");
    }

    /** Without conditions, nobody hears that his file has replaced the one that another node stored meanwhile. */
    private void conditions() {
        if (failed) {
            return;
        }
        try {
            backend.tryConditions().ifPresent(report -> steps.add(new Step("conditions", outcome(report))));
        } catch (StorageException e) {
            failed = true;
            steps.add(new Step(
                    "conditions", Outcome.fail("It fails: " + e.getMessage() + ".", remedy(e.reason(), remedy))));
        }
    }

    /** Returns what to say of the conditions that a service honours. */
    static Outcome outcome(ConditionReport report) {
        if (report.ignored().isEmpty()) {
            return Outcome.ok("Its service honours conditions.");
        }
        String ignored = "Its service ignores the conditions of " + String.join(", ", report.ignored()) + ".";
        if (report.ignored().stream().noneMatch(each -> each.startsWith("PutObject"))) {
            return Outcome.ok(ignored + " There the nodes look before they write.");
        }
        return Outcome.warn(
                ignored + " The last of two nodes wins that store the same file at the same time.",
                "Use a release of the service that knows conditional writes.");
    }

    private String remove() throws StorageException {
        for (String name : List.of("written", "renamed", "resumed", "appended")) {
            removed(directory.resolve(name), false);
        }
        removed(directory, true);
        return "removed";
    }

    private void removed(VirtualPath path, boolean isDirectory) throws StorageException {
        try {
            if (isDirectory) {
                backend.removeDirectory(path);
            } else {
                backend.delete(path);
            }
        } catch (StorageException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
        }
    }
}
