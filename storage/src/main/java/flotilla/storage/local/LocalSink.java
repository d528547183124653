package flotilla.storage.local;

import flotilla.storage.ByteSink;
import flotilla.storage.CommitFence;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An upload into an open file; where that file is, and what becomes of it, is for those that extend this. */
abstract class LocalSink implements ByteSink {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSink.class);

    private final VirtualPath file;
    private final FileChannel channel;
    private final boolean durable;
    private final long start;
    private long position;
    private boolean done;
    private CommitFence fence = CommitFence.OPEN;

    LocalSink(VirtualPath file, FileChannel channel, long start, boolean durable) {
        this.file = file;
        this.channel = channel;
        this.start = start;
        this.position = start;
        this.durable = durable;
    }

    /** Makes the bytes visible; the channel is still open. */
    abstract Entry publish() throws IOException, StorageException;

    /** Undoes the upload; the channel is still open unless it failed. */
    abstract void undo(Remains remains) throws IOException, StorageException;

    /** Nothing more happens to this upload. */
    abstract void released();

    VirtualPath file() {
        return file;
    }

    FileChannel channel() {
        return channel;
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
        Failures.run(file, () -> {
            while (buffer.hasRemaining()) {
                position += channel.write(buffer, position);
            }
        });
    }

    @Override
    public Entry commit() throws StorageException {
        if (done) {
            throw new StorageException(Reason.IO, file + ": the upload is over");
        }
        try {
            Entry entry = Failures.mapped(file, this::finish);
            finished();
            return entry;
        } catch (StorageException e) {
            if (fence.holds()) {
                abort(Remains.KEEP);
            } // else the fence may hold again until the upload is aborted
            throw e;
        }
    }

    private Entry finish() throws IOException, StorageException {
        if (durable) {
            channel.force(true);
        }
        if (!fence.holds()) {
            throw new StorageException(
                    Reason.IO, file + ": this process may be taken for dead, the upload is not made visible");
        }
        return publish();
    }

    @Override
    public void abort(Remains remains) {
        if (done) {
            return;
        }
        try {
            if (fence.holds()) {
                Failures.run(file, () -> undo(remains));
            } else {
                LOG.warn("an upload of {} is left as it lies: this process may be taken for dead", file);
            }
        } catch (StorageException e) {
            LOG.warn("an upload of {} could not be undone", file, e);
        } finally {
            finished();
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
