package flotilla.storage.local;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadStart;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An upload that writes straight into the file under the final name. */
final class InPlaceSink extends LocalSink {
    /** The effect of an abort. */
    enum Undo {
        /** The file gets its old length, even if bytes are to be kept: an append to a file that was complete. */
        CUT,
        /** The file gets its old length, unless bytes are to be kept. */
        CUT_UNLESS_KEPT,
        /** The file was there and was emptied. It is emptied again, unless bytes are to be kept. */
        EMPTY_UNLESS_KEPT,
        /** The file was not there. It is removed, unless bytes are to be kept. */
        REMOVE_UNLESS_KEPT
    }

    /** The notes about the upload elsewhere. */
    interface Notes {
        /** Returns whether no other process has settled the upload. After that its bytes are no longer its own. */
        boolean stand() throws IOException, StorageException;

        /** The file has its final length, new or old. */
        void settled() throws IOException, StorageException;

        /** The upload is over. */
        void released();
    }

    /** For an upload without notes. */
    static final Notes NONE = new Notes() {
        @Override
        public boolean stand() {
            return true;
        }

        @Override
        public void settled() {
            // Nothing was noted.
        }

        @Override
        public void released() {
            // Nothing is held besides the channel.
        }
    };

    private static final Logger LOG = LoggerFactory.getLogger(InPlaceSink.class);

    private final Undo undo;
    private final PosixFileAttributes opened;
    private final Notes notes;

    InPlaceSink(
            Tree tree,
            VirtualPath file,
            FileChannel channel,
            PosixFileAttributes opened,
            UploadStart begun,
            Undo undo,
            boolean durable,
            Notes notes) {
        super(tree, file, channel, begun, durable);
        this.undo = undo;
        this.opened = opened;
        this.notes = notes;
    }

    /** An upload with notes is hidden: readers stop at its start until it is settled. */
    @Override
    public boolean isVisible() {
        return notes == NONE;
    }

    /** Fails if another file has the name now: then the bytes of this upload have no name. */
    @Override
    long publish() throws IOException, StorageException {
        long size;
        try (Place place = tree().locate(file())) {
            if (!Entries.same(place.attributes(), opened) || !notes.stand()) {
                throw Failures.refusal(Reason.CHANGED, file());
            }
            size = place.attributes().size();
        }
        notes.settled();
        boolean whole = undo == Undo.REMOVE_UNLESS_KEPT || undo == Undo.EMPTY_UNLESS_KEPT;
        replaces(OptionalLong.of(whole ? opened.size() : begun().offset()));
        return size;
    }

    @Override
    FileChannel readBack() throws IOException, StorageException {
        try (Place place = tree().locate(file())) {
            if (!Entries.same(place.attributes(), opened) || !notes.stand()) {
                throw Failures.refusal(Reason.CHANGED, file());
            }
            return place.parent().openFile(place.name(), opened, StandardOpenOption.READ);
        }
    }

    @Override
    void undo(Remains remains) throws IOException, StorageException {
        if (undo != Undo.CUT && remains == Remains.KEEP) {
            return;
        }
        if (!notes.stand()) {
            LOG.warn("{} is not cut back: somebody else has done so", file());
            return;
        }
        if (undo == Undo.REMOVE_UNLESS_KEPT) {
            remove();
        } else {
            cut();
        }
        notes.settled();
    }

    private void cut() throws IOException, StorageException {
        if (channel().isOpen()) {
            cutOwn(channel());
        } else {
            cutReopened();
        }
    }

    private void cutReopened() throws IOException, StorageException {
        try (Place place = tree().locate(file());
                FileChannel reopened = place.parent().openFile(place.name(), place.file(), StandardOpenOption.WRITE)) {
            if (Entries.same(place.file(), opened)) {
                cutOwn(reopened);
            }
        }
    }

    private void cutOwn(FileChannel opened) throws IOException {
        if (opened.size() > reach()) {
            LOG.warn("{} is not cut back: somebody else has written behind an upload that broke", file());
        } else {
            opened.truncate(start());
        }
    }

    private void remove() throws IOException, StorageException {
        try (Place place = tree().locate(file())) {
            Path name = place.name();
            Optional<PosixFileAttributes> found = place.found();
            if (found.isPresent() && Entries.same(found.get(), opened)) {
                place.parent().deleteFile(name);
            }
        }
    }

    @Override
    void released() {
        notes.released();
    }
}
