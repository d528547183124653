package flotilla.storage.memory;

import flotilla.storage.ByteSink;
import flotilla.storage.CommitFence;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.nio.ByteBuffer;

/** An upload: bytes added to a content, and what happens to it in the end. */
final class MemorySink implements ByteSink {
    /** How an upload ends. */
    interface Ending {
        Entry commit(Content content) throws StorageException;

        void abort(Content content, Remains remains);

        /** Called once, after either. */
        void released();
    }

    private final VirtualPath file;
    private final Content content;
    private final long start;
    private final Ending ending;
    private boolean done;
    private CommitFence fence = CommitFence.OPEN;

    MemorySink(VirtualPath file, Content content, Ending ending) {
        this.file = file;
        this.content = content;
        this.start = content.size();
        this.ending = ending;
    }

    @Override
    public void fenceBy(CommitFence asked) {
        fence = asked;
    }

    @Override
    public long start() {
        return start;
    }

    @Override
    public void write(ByteBuffer buffer) throws StorageException {
        checkOpen();
        content.append(buffer);
    }

    @Override
    public Entry commit() throws StorageException {
        checkOpen();
        try {
            if (!fence.holds()) {
                throw new StorageException(Reason.IO, file + ": the upload may not be made visible");
            }
            Entry entry = ending.commit(content);
            done = true;
            ending.released();
            return entry;
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
