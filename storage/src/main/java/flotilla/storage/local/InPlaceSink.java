package flotilla.storage.local;

import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;

/** An upload straight into the file that has the final name. */
final class InPlaceSink extends LocalSink {
    /** What an abort does. */
    enum Undo {
        /** The file gets its old length, kept bytes or not: an append to a file that was complete. */
        CUT,
        /** As {@code CUT}, but bytes to be kept stay. */
        CUT_UNLESS_KEPT,
        /** The file goes, but bytes to be kept stay. */
        REMOVE_UNLESS_KEPT
    }

    private final Tree tree;
    private final Undo undo;
    private final PosixFileAttributes opened;

    InPlaceSink(
            Tree tree,
            VirtualPath file,
            FileChannel channel,
            PosixFileAttributes opened,
            long start,
            Undo undo,
            boolean durable) {
        super(file, channel, start, durable);
        this.tree = tree;
        this.undo = undo;
        this.opened = opened;
    }

    @Override
    Entry publish() throws IOException, StorageException {
        return tree.entry(file());
    }

    @Override
    void undo(Remains remains) throws IOException, StorageException {
        if (undo != Undo.CUT && remains == Remains.KEEP) {
            return;
        }
        if (undo == Undo.REMOVE_UNLESS_KEPT) {
            remove();
        } else {
            cut();
        }
    }

    /** An interrupt closes the channel it meets; the file is cut back all the same. */
    private void cut() throws IOException, StorageException {
        boolean interrupted = Thread.interrupted();
        try {
            if (channel().isOpen()) {
                channel().truncate(start());
            } else {
                cutReopened();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void cutReopened() throws IOException, StorageException {
        try (Place place = tree.locate(file());
                FileChannel reopened = place.parent().openFile(place.name(), place.file(), StandardOpenOption.WRITE)) {
            if (Entries.same(place.file(), opened)) {
                reopened.truncate(start());
            }
        }
    }

    private void remove() throws IOException, StorageException {
        try (Place place = tree.locate(file())) {
            Path name = place.name();
            Optional<PosixFileAttributes> found = place.found();
            if (found.isPresent() && Entries.same(found.get(), opened)) {
                place.parent().deleteFile(name);
            }
        }
    }

    @Override
    void released() {
        // Nothing is held besides the channel.
    }
}
