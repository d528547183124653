package flotilla.storage.memory;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.CommitFence;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadStart;
import flotilla.storage.VirtualPath;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** An upload: it appends bytes to a content, and its ending decides what happens to them. */
final class MemorySink implements ByteSink {
    /** The end of an upload. */
    interface Ending {
        /** Returns the bytes of the committed file that the commit replaces. */
        OptionalLong replaces() throws StorageException;

        Entry commit(Content content) throws StorageException;

        void abort(Content content, Remains remains);

        /** Called once, after a commit or an abort. */
        void released();
    }

    private final VirtualPath file;
    private final Content content;
    private final UploadStart begun;
    private final Ending ending;
    private OptionalLong replaced = OptionalLong.empty();
    private boolean reviewed;
    private boolean done;
    private CommitFence fence = CommitFence.OPEN;

    MemorySink(VirtualPath file, Content content, UploadStart begun, Ending ending) {
        this.file = file;
        this.content = content;
        this.begun = begun;
        this.ending = ending;
    }

    @Override
    public void fenceBy(CommitFence asked) {
        fence = asked;
    }

    @Override
    public UploadStart begun() {
        return begun;
    }

    @Override
    public OptionalLong replaced() {
        return replaced;
    }

    @Override
    public void write(ByteBuffer buffer) throws StorageException {
        checkOpen();
        if (reviewed) {
            throw new StorageException(Reason.IO, file + ": the writing is over");
        }
        content.append(buffer);
    }

    @Override
    public ByteSource review() throws StorageException {
        checkOpen();
        reviewed = true;
        Entry whole = new Entry(file.name(), Entry.Type.FILE, content.size(), System.currentTimeMillis(), 0, "");
        return new MemorySource(whole, content.snapshot(), 0);
    }

    @Override
    public long commit() throws StorageException {
        checkOpen();
        try {
            if (!fence.holds()) {
                throw new StorageException(Reason.IO, file + ": the upload may not be made visible");
            }
            OptionalLong before = ending.replaces();
            Entry entry = ending.commit(content);
            replaced = before;
            done = true;
            ending.released();
            return entry.size();
        } catch (StorageException e) {
            if (fence.holds()) {
                abort(Remains.KEEP);
            }
            throw e;
        }
    }

    private void checkOpen() throws StorageException {
        if (done) {
            throw new StorageException(Reason.IO, file + ": the upload is over");
        }
    }

    @Override
    public void abort(Remains remains) {
        if (!done) {
            done = true;
            if (fence.holds()) {
                ending.abort(content, remains);
            }
            ending.released();
        }
    }
}
