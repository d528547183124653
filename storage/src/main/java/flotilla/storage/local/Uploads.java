package flotilla.storage.local;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import flotilla.storage.WriteMode.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Uploads by way of parts: how they begin, and how they end. */
final class Uploads {
    private final Tree tree;
    private final Parts parts;
    private final Arrivals arrivals;
    private final LocalOptions options;
    private final boolean durable;
    private final Set<VirtualPath> reserved = ConcurrentHashMap.newKeySet();

    Uploads(Tree tree, Parts parts, Arrivals arrivals, LocalOptions options) {
        this.tree = tree;
        this.parts = parts;
        this.arrivals = arrivals;
        this.options = options;
        this.durable = options.atomic() == LocalOptions.Atomic.FSYNC;
    }

    /** Opens an upload to {@code place}, which holds a regular file or nothing. */
    ByteSink open(VirtualPath file, Place place, WriteMode mode) throws IOException, StorageException {
        if (mode.kind() == Kind.CREATE_NEW) {
            return openExclusive(file);
        }
        if (mode.kind() == Kind.REPLACE) {
            return begin(file, false);
        }
        OptionalLong offset = mode.kind() == Kind.RESUME ? OptionalLong.of(mode.offset()) : OptionalLong.empty();
        return place.isFree() ? resumePart(file, offset) : resumeFile(file, place, offset);
    }

    private ByteSink openExclusive(VirtualPath file) throws IOException, StorageException {
        if (!reserved.add(file)) {
            throw Failures.refusal(Reason.ALREADY_EXISTS, file);
        }
        boolean begun = false;
        try {
            ByteSink sink = begin(file, true);
            begun = true;
            return sink;
        } finally {
            if (!begun) {
                reserved.remove(file);
            }
        }
    }

    private ByteSink begin(VirtualPath file, boolean exclusive) throws IOException, StorageException {
        try (Directory directory = parts.open()) {
            return inPart(file, part -> {
                FileChannel channel = directory.create(part, options.fileMode());
                return new PartSink(this, file, part, channel, 0, exclusive, durable);
            });
        }
    }

    private ByteSink resumeFile(VirtualPath file, Place place, OptionalLong offset)
            throws IOException, StorageException {
        PosixFileAttributes found = place.file();
        long start = checked(file, offset, found.size());
        if (start < found.size()) {
            return beginCopy(file, place, found, start);
        }
        FileChannel channel = place.parent().openFile(place.name(), found, StandardOpenOption.WRITE);
        return new InPlaceSink(tree, file, channel, found, start, InPlaceSink.Undo.CUT, durable);
    }

    /** A part that begins with the first {@code length} bytes of what is there, which stays until commit. */
    private ByteSink beginCopy(VirtualPath file, Place place, PosixFileAttributes found, long length)
            throws IOException, StorageException {
        try (Directory directory = parts.open();
                FileChannel source = place.parent().openFile(place.name(), found, StandardOpenOption.READ)) {
            return inPart(file, part -> {
                FileChannel channel = directory.create(part, options.fileMode());
                try {
                    Arrivals.copy(source, channel, length);
                } catch (IOException | StorageException | RuntimeException e) {
                    channel.close();
                    directory.deleteFileIfPresent(part);
                    throw e;
                }
                return new PartSink(this, file, part, channel, length, false, durable);
            });
        }
    }

    private ByteSink resumePart(VirtualPath file, OptionalLong offset) throws IOException, StorageException {
        Optional<Long> kept = options.keepParts() ? parts.keptSize(file) : Optional.empty();
        long start = checked(file, offset, kept.orElse(0L));
        if (kept.isEmpty()) {
            return begin(file, false);
        }
        try (Directory directory = parts.open()) {
            return inPart(file, part -> claim(directory, file, part, start));
        }
    }

    private ByteSink claim(Directory directory, VirtualPath file, Path part, long start)
            throws IOException, StorageException {
        if (!parts.claim(directory, file, part)) {
            throw Failures.refusal(Reason.BUSY, file);
        }
        try {
            FileChannel channel = directory.openFile(part, directory.attributes(part), StandardOpenOption.WRITE);
            channel.truncate(start);
            return new PartSink(this, file, part, channel, start, false, durable);
        } catch (IOException | StorageException | RuntimeException e) {
            parts.keep(directory, part, file);
            throw e;
        }
    }

    /** Opens something under the name of a part that counts as being written until the sink is released. */
    private ByteSink inPart(VirtualPath file, Opening opening) throws IOException, StorageException {
        Path part = parts.begin(file);
        try {
            return opening.open(part);
        } catch (IOException | StorageException | RuntimeException e) {
            parts.end(part);
            throw e;
        }
    }

    static long checked(VirtualPath file, OptionalLong offset, long size) throws StorageException {
        long start = offset.orElse(size);
        if (start < 0 || start > size) {
            throw Failures.refusal(Reason.OFFSET_OUT_OF_RANGE, file);
        }
        return start;
    }

    /** Gives {@code part} the name {@code file}. */
    Entry publish(VirtualPath file, Path part, boolean exclusive) throws IOException, StorageException {
        try (Directory directory = parts.open();
                Place place = exclusive ? tree.locateLink(file) : tree.locate(file)) {
            if (exclusive && !place.isFree()) {
                throw Failures.refusal(Reason.ALREADY_EXISTS, file);
            }
            if (!place.isFree()) {
                place.file();
            }
            fixMode(directory, part);
            arrivals.movePart(directory, part, place.parent(), place.name(), exclusive, durable);
            if (durable) {
                place.parent().force();
            }
            parts.forget(directory, file);
            return Entries.entry(file.name(), place.parent().attributes(place.name()));
        }
    }

    /** Gives the file the bits the umask took. */
    private void fixMode(Directory directory, Path part) throws IOException {
        if (Entries.mode(directory.attributes(part)) != options.fileMode()) {
            directory.changeFile(part, OptionalLong.empty(), OptionalInt.of(options.fileMode()));
        }
    }

    /** Keeps or removes a part. It is not kept where a file has the name: nobody could ask for it, and it would go stale. */
    void drop(VirtualPath file, Path part, Remains remains) throws IOException, StorageException {
        boolean keep = remains == Remains.KEEP && options.keepParts() && !isFile(file);
        try (Directory directory = parts.open()) {
            if (keep) {
                parts.keep(directory, part, file);
            } else {
                directory.deleteFileIfPresent(part);
            }
        }
    }

    private boolean isFile(VirtualPath file) {
        try (Place place = tree.locate(file)) {
            return !place.isFree() && !place.isDirectory();
        } catch (IOException | StorageException e) {
            return false;
        }
    }

    void release(VirtualPath file, Path part, boolean exclusive) {
        parts.end(part);
        if (exclusive) {
            reserved.remove(file);
        }
    }

    /** Opens a sink on a part of that name. */
    @FunctionalInterface
    private interface Opening {
        ByteSink open(Path part) throws IOException, StorageException;
    }
}
