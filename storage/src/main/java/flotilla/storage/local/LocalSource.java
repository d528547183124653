package flotilla.storage.local;

import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads an open file up to its size at the opening. Reading fails if the file has become shorter, because the reader
 * was promised more.
 */
final class LocalSource implements ByteSource {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSource.class);

    private final VirtualPath file;
    private final FileChannel channel;
    private final Entry entry;
    private long position;

    LocalSource(VirtualPath file, FileChannel channel, Entry entry, long offset) {
        this.file = file;
        this.channel = channel;
        this.entry = entry;
        this.position = offset;
    }

    @Override
    public Entry entry() {
        return entry;
    }

    @Override
    public int read(ByteBuffer buffer) throws StorageException {
        long left = size() - position;
        if (left <= 0) {
            return -1;
        }
        int limit = buffer.limit();
        if (buffer.remaining() > left) {
            buffer.limit(buffer.position() + (int) left);
        }
        try {
            int count = Failures.mapped(file, () -> channel.read(buffer, position));
            if (count < 0) {
                throw new StorageException(Reason.IO, file + " became shorter while it was read");
            }
            position += count;
            return count;
        } finally {
            buffer.limit(limit);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("{} could not be closed", file, e);
        }
    }
}
