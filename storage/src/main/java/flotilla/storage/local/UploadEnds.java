package flotilla.storage.local;

import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadStart.Base;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Ends uploads into parts, by a commit or after a failure. */
final class UploadEnds {
    private final Tree tree;
    private final Parts parts;
    private final Arrivals arrivals;
    private final LocalOptions options;
    private final int mode;
    private final boolean durable;

    /** @param mode permission bits of complete files */
    UploadEnds(Tree tree, Parts parts, Arrivals arrivals, LocalOptions options, int mode) {
        this.tree = tree;
        this.parts = parts;
        this.arrivals = arrivals;
        this.options = options;
        this.mode = mode;
        this.durable = options.atomic() == LocalOptions.Atomic.FSYNC;
    }

    /**
     * Opens the part of a whole {@code upload} for reading, if it still is the file that was {@code created} for it. From
     * now on it is no longer offered with all of its bytes.
     */
    FileChannel open(PartSink upload, PosixFileAttributes created) throws IOException, StorageException {
        try (Directory directory = parts.open()) {
            boolean isOwn =
                    directory.find(upload.part()).filter(upload::isCreated).isPresent();
            if (isOwn && upload.part().equals(upload.slot().part())) {
                directory.move(upload.part(), directory, upload.slot().review());
                upload.movedTo(upload.slot().review());
            }
            return directory.openFile(upload.part(), created, StandardOpenOption.READ);
        } catch (NoSuchFileException dropped) {
            throw new StorageException(Reason.CHANGED, upload.file() + ": its part was dropped", dropped);
        }
    }

    /** Gives the part of {@code upload} its final name, and returns its size. */
    long publish(PartSink upload) throws IOException, StorageException {
        VirtualPath file = upload.file();
        try (Directory directory = parts.open();
                Place place = upload.isExclusive() ? tree.locateLink(file) : tree.locate(file)) {
            if (upload.isExclusive() && !place.isFree()) {
                throw Failures.refusal(Reason.ALREADY_EXISTS, file);
            }
            OptionalLong replaced = Uploads.committed(place);
            PosixFileAttributes taken = take(directory, upload);
            fixMode(directory, upload.part(), taken);
            directory.deleteFileIfPresent(
                    upload.slot().journal()); // of the replaced file: another file may get its inode
            if (upload.isCopy()) { // what a broken upload of the old version left is of no use now
                directory.deleteFileIfPresent(upload.slot().part());
                directory.deleteFileIfPresent(upload.slot().review());
            }
            arrivals.movePart(directory, upload.part(), place.parent(), place.name(), upload.isExclusive(), durable);
            if (durable) {
                place.parent().force();
            }
            upload.replaces(replaced);
            return taken.size();
        }
    }

    /**
     * Takes the part out of its slot, under a name that no other process knows. So the published file is certainly this
     * upload, even if another process has taken the slot.
     *
     * @return its attributes
     */
    private static PosixFileAttributes take(Directory directory, PartSink upload) throws IOException, StorageException {
        Path own = upload.slot().unique();
        try {
            directory.move(upload.part(), directory, own);
        } catch (NoSuchFileException dropped) {
            throw new StorageException(Reason.CHANGED, upload.file() + ": its part was dropped", dropped);
        }
        PosixFileAttributes taken = directory.attributes(own);
        if (!upload.isCreated(taken)) {
            directory.move(own, directory, upload.part());
            throw Failures.refusal(Reason.CHANGED, upload.file());
        }
        upload.movedTo(own);
        return taken;
    }

    /** Gives a complete file its permission bits. The process's umask may have removed some. */
    private void fixMode(Directory directory, Path part, PosixFileAttributes found) throws IOException {
        if (Entries.mode(found) != mode) {
            directory.changeFile(part, OptionalLong.empty(), OptionalInt.of(mode));
        }
    }

    /**
     * Leaves the bytes of a broken upload that can be resumed. Where a file has the name, it leaves at least an empty
     * part.
     */
    void drop(PartSink upload, Remains remains) throws IOException, StorageException {
        try (Directory directory = parts.open()) {
            boolean own =
                    directory.find(upload.part()).filter(upload::isCreated).isPresent();
            if (!own) {
                return; // another process has continued the part
            }
            OptionalLong kept = kept(upload, remains);
            if (kept.isEmpty()) {
                directory.deleteFileIfPresent(upload.part());
                return;
            }
            cut(directory, upload, kept.getAsLong());
            parts.rest(directory, upload.part(), upload.slot());
            if (where(upload) == Whereabouts.GONE) {
                directory.deleteFileIfPresent(upload.slot().part());
            }
        }
    }

    /** Returns how many bytes of a broken upload stay; empty when not even an empty part is needed. */
    private OptionalLong kept(PartSink upload, Remains remains) {
        Whereabouts where = where(upload);
        if (where == Whereabouts.GONE || upload.isUnresumable() || remains == Remains.NOTHING) {
            return OptionalLong.empty();
        }
        if (options.keepParts() && remains == Remains.KEEP) {
            return upload.isExclusive() && where == Whereabouts.TAKEN
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.MAX_VALUE);
        }
        if (options.keepParts() && upload.begun().base() == Base.PART) {
            return OptionalLong.of(upload.start());
        }
        return where == Whereabouts.TAKEN && !upload.isExclusive() ? OptionalLong.of(0) : OptionalLong.empty();
    }

    private static void cut(Directory directory, PartSink upload, long length) throws IOException, StorageException {
        PosixFileAttributes found = directory.attributes(upload.part());
        if (found.size() > length) {
            try (FileChannel channel = directory.openFile(upload.part(), found, StandardOpenOption.WRITE)) {
                channel.truncate(length);
            }
        }
    }

    /** The state of an upload's name when the upload breaks. */
    private enum Whereabouts {
        FREE,
        TAKEN,
        /** Its directory does not exist any more. */
        GONE
    }

    private Whereabouts where(PartSink upload) {
        try (Place place = tree.locate(upload.file())) {
            if (!parts.slot(place).equals(upload.slot())) {
                return Whereabouts.GONE;
            }
            return place.isFree() || place.isDirectory() ? Whereabouts.FREE : Whereabouts.TAKEN;
        } catch (IOException | StorageException e) {
            return Whereabouts.GONE;
        }
    }

    void release(Slot slot) {
        parts.end(slot);
    }
}
