package flotilla.storage.local;

import flotilla.storage.ByteSink;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadStart;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import flotilla.storage.WriteMode.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Begins uploads into parts. */
final class Uploads {
    /** The owner's bits that each part needs, so that the server can go on with it. */
    private static final int OWNER = 0600;

    private final Tree tree;
    private final Parts parts;
    private final AppendJournal journal;
    private final UploadEnds ends;
    private final LocalOptions options;
    private final int partMode;
    private final boolean durable;

    /** @param mode permission bits of complete files */
    Uploads(Tree tree, Parts parts, AppendJournal journal, UploadEnds ends, LocalOptions options, int mode) {
        this.tree = tree;
        this.parts = parts;
        this.journal = journal;
        this.ends = ends;
        this.options = options;
        this.partMode = mode | OWNER;
        this.durable = options.atomic() == LocalOptions.Atomic.FSYNC;
    }

    /**
     * Returns where an upload to {@code place} would begin.
     *
     * @param part bytes of the part in its slot; empty without one
     */
    UploadStart start(VirtualPath file, Place place, WriteMode mode, OptionalLong part) throws StorageException {
        return UploadStart.of(file, mode, committed(place), resumable(part));
    }

    /** Returns the size of the committed file at {@code place}; empty when there is none. */
    static OptionalLong committed(Place place) throws StorageException {
        return place.isFree()
                ? OptionalLong.empty()
                : OptionalLong.of(place.file().size());
    }

    /** Returns the bytes of a part that can be resumed: 0 if parts are not kept, empty without a part. */
    OptionalLong resumable(OptionalLong part) {
        return part.isPresent() && !options.keepParts() ? OptionalLong.of(0) : part;
    }

    /** Opens an upload to {@code place}, which holds a regular file or nothing. */
    ByteSink open(VirtualPath file, Place place, WriteMode mode) throws IOException, StorageException {
        Slot slot = parts.slot(place);
        if (!parts.begin(slot)) {
            throw Failures.refusal(mode.kind() == Kind.CREATE_NEW ? Reason.ALREADY_EXISTS : Reason.BUSY, file);
        }
        boolean begun = false;
        try {
            ByteSink sink = begin(new Opening(file, slot, mode), place, mode);
            begun = true;
            return sink;
        } finally {
            if (!begun) {
                parts.end(slot);
            }
        }
    }

    /**
     * The request of an upload.
     *
     * @param slot taken for this upload
     */
    private record Opening(VirtualPath file, Slot slot, WriteMode mode) {
        /** Returns the name for an upload without earlier bytes. */
        Path fresh() {
            return mode.copy() || mode.kind() == Kind.APPEND ? slot.unresumable() : slot.part();
        }
    }

    private ByteSink begin(Opening opening, Place place, WriteMode mode) throws IOException, StorageException {
        if (mode.kind() == Kind.REPLACE || mode.kind() == Kind.CREATE_NEW) {
            return beginAnew(opening, UploadStart.of(opening.file(), mode, committed(place), OptionalLong.empty()));
        }
        journal.settle(opening.slot(), place);
        try (Place settled = tree.locate(opening.file())) {
            UploadStart start = start(opening.file(), settled, mode, parts.length(opening.slot()));
            return switch (start.base()) {
                case NOTHING -> beginAnew(opening, start);
                case PART -> resumePart(opening, start);
                case FILE -> resumeFile(opening, settled, start);
            };
        }
    }

    private ByteSink beginAnew(Opening opening, UploadStart start) throws IOException, StorageException {
        try (Directory directory = parts.open()) {
            Path part = opening.fresh();
            if (part.equals(opening.slot().part())) {
                directory.deleteFileIfPresent(opening.slot().review());
            }
            return sink(directory, opening, part, start, create(directory, part));
        }
    }

    /**
     * Creates the part. It drops an older file of that name first, so a process that still writes that file changes
     * nothing.
     */
    private FileChannel create(Directory directory, Path part) throws IOException {
        try {
            return directory.create(part, partMode);
        } catch (FileAlreadyExistsException dropped) {
            directory.deleteFileIfPresent(part);
            return directory.create(part, partMode);
        }
    }

    private ByteSink sink(Directory directory, Opening opening, Path part, UploadStart start, FileChannel channel)
            throws IOException {
        try {
            PosixFileAttributes created = directory.attributes(part);
            return new PartSink(
                    tree, ends, opening.file(), opening.slot(), opening.mode(), part, channel, created, start, durable);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private ByteSink resumeFile(Opening opening, Place place, UploadStart start) throws IOException, StorageException {
        PosixFileAttributes found = place.file();
        if (start.offset() < found.size()) {
            return beginCopy(opening, place.parent(), place.name(), start);
        }
        FileChannel channel = place.parent().openFile(place.name(), found, StandardOpenOption.WRITE);
        try {
            String note = journal.begin(opening.slot(), found, start.offset(), durable);
            return new InPlaceSink(
                    tree,
                    opening.file(),
                    channel,
                    found,
                    start,
                    InPlaceSink.Undo.CUT,
                    durable,
                    new Noted(opening.slot(), note));
        } catch (IOException | StorageException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Begins an upload with the first bytes of the file {@code name} in {@code from}, which does not change. */
    private ByteSink beginCopy(Opening opening, Directory from, Path name, UploadStart start)
            throws IOException, StorageException {
        Path copy = opening.slot().unique();
        try (Directory directory = parts.open();
                FileChannel source = from.openFile(name, from.attributes(name), StandardOpenOption.READ)) {
            FileChannel channel = directory.create(copy, partMode);
            try {
                Arrivals.copy(source, channel, start.offset());
                directory.move(copy, directory, opening.slot().part());
            } catch (IOException | StorageException | RuntimeException e) {
                channel.close();
                directory.deleteFileIfPresent(copy);
                throw e;
            }
            return sink(directory, opening, opening.slot().part(), start, channel);
        }
    }

    /**
     * Resumes a part. A part at rest is continued in place. Of any other part a copy is continued, because a hung
     * process may still write the original.
     */
    private ByteSink resumePart(Opening opening, UploadStart start) throws IOException, StorageException {
        try (Directory directory = parts.open()) {
            Path part = opening.slot().part();
            if (directory.find(part).isEmpty()) {
                ByteSink sink = beginCopy(opening, directory, opening.slot().review(), start);
                directory.deleteFileIfPresent(opening.slot().review());
                return sink;
            }
            PosixFileAttributes found = directory.attributes(part);
            if (Entries.mode(found) != Parts.AT_REST) {
                return beginCopy(opening, directory, part, start);
            }
            directory.changeFile(part, OptionalLong.empty(), OptionalInt.of(partMode));
            FileChannel channel = directory.openFile(part, found, StandardOpenOption.WRITE);
            try {
                channel.truncate(start.offset());
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            return sink(directory, opening, part, start, channel);
        }
    }

    /** The note of an append in place. It goes when the file has its final length. */
    private final class Noted implements InPlaceSink.Notes {
        private final Slot slot;
        private final String note;

        Noted(Slot slot, String note) {
            this.slot = slot;
            this.note = note;
        }

        @Override
        public boolean stand() throws IOException, StorageException {
            return journal.stands(slot, note);
        }

        @Override
        public void settled() throws IOException, StorageException {
            journal.end(slot);
        }

        @Override
        public void released() {
            parts.end(slot);
        }
    }
}
