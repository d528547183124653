package flotilla.storage.local;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.CommitFence;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadStart;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An upload into an open file. Its subclasses know where that file is and how the upload ends. */
abstract class LocalSink implements ByteSink {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSink.class);

    private final Tree tree;
    private final VirtualPath file;
    private final FileChannel channel;
    private final boolean durable;
    private final UploadStart begun;
    private long position;
    private long reach;
    private OptionalLong replaced = OptionalLong.empty();
    private boolean reviewed;
    private boolean done;
    private CommitFence fence = CommitFence.OPEN;

    LocalSink(Tree tree, VirtualPath file, FileChannel channel, UploadStart begun, boolean durable) {
        this.tree = tree;
        this.file = file;
        this.channel = channel;
        this.begun = begun;
        this.position = begun.offset();
        this.reach = position;
        this.durable = durable;
    }

    /** Makes the bytes visible, and returns the size of the whole file. The channel is still open. */
    abstract long publish() throws IOException, StorageException;

    /** Opens the file of this upload for reading, if it is still the same file. */
    abstract FileChannel readBack() throws IOException, StorageException;

    /** Undoes the upload. The channel is still open unless it failed. */
    abstract void undo(Remains remains) throws IOException, StorageException;

    /** Frees what the upload held. Nothing more happens to it. */
    abstract void released();

    Tree tree() {
        return tree;
    }

    VirtualPath file() {
        return file;
    }

    FileChannel channel() {
        return channel;
    }

    boolean isDurable() {
        return durable;
    }

    /**
     * Returns the offset where the bytes of this upload end at most: a failed write may have stored more than it
     * reported.
     */
    long reach() {
        return reach;
    }

    /** Notes the size of the committed file that the commit replaces, in bytes; empty for none. */
    void replaces(OptionalLong bytes) {
        replaced = bytes;
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
        Failures.run(file, () -> {
            if (reviewed) {
                throw new StorageException(Reason.IO, file + ": the writing is over");
            }
            checkOwn();
            reach = position + buffer.remaining();
            while (buffer.hasRemaining()) {
                position += channel.write(buffer, position);
            }
        });
    }

    private void checkOwn() throws IOException, StorageException {
        if (channel.size() != position) {
            throw new StorageException(Reason.CHANGED, file + " is written by somebody else");
        }
    }

    @Override
    public ByteSource review() throws StorageException {
        if (done) {
            throw new StorageException(Reason.IO, file + ": the upload is over");
        }
        reviewed = true;
        return Failures.mapped(file, () -> {
            checkOwn();
            tree.enter();
            try {
                Entry whole = new Entry(file.name(), Entry.Type.FILE, position, System.currentTimeMillis(), 0, "");
                return new LocalSource(file, readBack(), whole, 0);
            } finally {
                tree.leave();
            }
        });
    }

    @Override
    public long commit() throws StorageException {
        if (done) {
            throw new StorageException(Reason.IO, file + ": the upload is over");
        }
        try {
            long size = Failures.mapped(file, this::finish);
            finished();
            return size;
        } catch (StorageException e) {
            if (fence.holds()) {
                abort(Remains.KEEP);
            } // else the fence may hold again before the abort
            throw e;
        }
    }

    private long finish() throws IOException, StorageException {
        if (durable) {
            channel.force(true);
        }
        tree.enter();
        try {
            if (!fence.holds()) {
                throw new StorageException(
                        Reason.IO, file + ": this process may be taken for dead, the upload is not made visible");
            }
            return publish();
        } finally {
            tree.leave();
        }
    }

    private void undoInTree(Remains remains) throws IOException, StorageException {
        tree.enter();
        try {
            if (fence.holds()) {
                undo(remains);
            } else {
                LOG.warn("an upload of {} is left as it lies: this process may be taken for dead", file);
            }
        } finally {
            tree.leave();
        }
    }

    @Override
    public void abort(Remains remains) {
        if (done) {
            return;
        }
        boolean interrupted = Thread.interrupted(); // an interrupt would close every channel that the undo needs
        try {
            Failures.run(file, () -> undoInTree(remains));
        } catch (StorageException e) {
            LOG.warn("an upload of {} could not be undone", file, e);
        } finally {
            finished();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void finished() {
        done = true;
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("an upload of {} could not be closed", file, e);
        } finally {
            released();
        }
    }
}
