package flotilla.storage.local;

import flotilla.storage.StorageException;
import flotilla.storage.UploadStart;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import flotilla.storage.WriteMode.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;

/** An upload into a part, which gets the final name on commit. */
final class PartSink extends LocalSink {
    private final UploadEnds ends;
    private final Slot slot;
    private final WriteMode mode;
    private final PosixFileAttributes created;
    private Path part;

    /**
     * Creates the upload.
     *
     * @param created attributes of the part, to tell it from another one with its name
     */
    PartSink(
            Tree tree,
            UploadEnds ends,
            VirtualPath file,
            Slot slot,
            WriteMode mode,
            Path part,
            FileChannel channel,
            PosixFileAttributes created,
            UploadStart begun,
            boolean durable) {
        super(tree, file, channel, begun, durable);
        this.ends = ends;
        this.slot = slot;
        this.mode = mode;
        this.created = created;
        this.part = part;
    }

    Slot slot() {
        return slot;
    }

    /** Returns whether the final name must be free on commit. */
    boolean isExclusive() {
        return mode.kind() == Kind.CREATE_NEW;
    }

    /** Returns whether this is a copy within the storage. */
    boolean isCopy() {
        return mode.copy();
    }

    /** Returns whether a broken upload leaves nothing: a copy, or an append to a file that did not exist. */
    boolean isUnresumable() {
        return mode.copy() || mode.kind() == Kind.APPEND && begun().base() == UploadStart.Base.NOTHING;
    }

    /** Returns the present name of the part. */
    Path part() {
        return part;
    }

    void movedTo(Path name) {
        part = name;
    }

    boolean isCreated(PosixFileAttributes found) {
        return Entries.same(created, found);
    }

    @Override
    long publish() throws IOException, StorageException {
        channel().close(); // first, because some file systems report a full disk only at the close
        return ends.publish(this);
    }

    @Override
    FileChannel readBack() throws IOException, StorageException {
        return ends.open(this, created);
    }

    @Override
    void undo(Remains remains) throws IOException, StorageException {
        ends.drop(this, remains);
    }

    @Override
    void released() {
        ends.release(slot);
    }
}
