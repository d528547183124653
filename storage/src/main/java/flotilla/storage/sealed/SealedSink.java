package flotilla.storage.sealed;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.CommitFence;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadStart;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An upload whose bytes are sealed on their way into another one. Nobody resumes it, so it leaves nothing. */
final class SealedSink implements ByteSink {
    private final VirtualPath file;
    private final ByteSink sealed;
    private final Keys keys;
    private final Damage damage;
    private final WritableByteChannel clear;
    private boolean ended;
    private @Nullable StorageException broken;

    SealedSink(VirtualPath file, ByteSink sealed, Keys keys, Damage damage) throws StorageException {
        this.file = file;
        this.sealed = sealed;
        this.keys = keys;
        this.damage = damage;
        try {
            this.clear = keys.seal(new Sealed());
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Takes the sealed bytes. */
    private final class Sealed implements WritableByteChannel {
        @Override
        public int write(ByteBuffer buffer) throws IOException {
            int count = buffer.remaining();
            try {
                sealed.write(buffer);
            } catch (StorageException e) {
                throw new IOException(e);
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // The last segment is written; the commit follows.
        }
    }

    private StorageException failure(IOException e) {
        return e.getCause() instanceof StorageException storage
                ? storage
                : new StorageException(Reason.IO, file + " cannot be sealed", e);
    }

    @Override
    public void fenceBy(CommitFence fence) {
        sealed.fenceBy(fence);
    }

    @Override
    public UploadStart begun() {
        return sealed.begun();
    }

    @Override
    public boolean isVisible() {
        return sealed.isVisible();
    }

    @Override
    public OptionalLong replaced() {
        OptionalLong bytes = sealed.replaced();
        return bytes.isEmpty() ? bytes : OptionalLong.of(keys.format().clear(bytes.getAsLong()));
    }

    @Override
    public void whileWaiting(Runnable alive) {
        sealed.whileWaiting(alive);
    }

    @Override
    public void write(ByteBuffer buffer) throws StorageException {
        if (ended) {
            throw new StorageException(Reason.IO, file + ": the upload is over");
        }
        try {
            while (buffer.hasRemaining()) {
                clear.write(buffer);
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Seals the last segment, once. If that fails, it fails each time: without it the file cannot be opened. */
    private void end() throws StorageException {
        if (!ended) {
            ended = true;
            try {
                clear.close();
            } catch (IOException e) {
                broken = failure(e);
            }
        }
        if (broken != null) {
            throw broken;
        }
    }

    @Override
    public ByteSource review() throws StorageException {
        end();
        return new Opening(file, keys, damage).whole(sealed.review());
    }

    @Override
    public long commit() throws StorageException {
        try {
            end();
        } catch (StorageException e) {
            abort(Remains.NOTHING);
            throw e;
        }
        return keys.format().clear(sealed.commit());
    }

    @Override
    public void abort(Remains remains) {
        ended = true;
        sealed.abort(Remains.NOTHING);
    }
}
