package flotilla.storage;

import java.nio.ByteBuffer;

/**
 * A file opened for reading at an offset. Used by one thread. The size is fixed when it is opened: bytes appended later
 * are not sent.
 */
public interface ByteSource extends AutoCloseable {
    /** The file as it was when it was opened. An append that is under way is not part of it. */
    Entry entry();

    /** Bytes of the whole file when it was opened. */
    default long size() {
        return entry().size();
    }

    /**
     * Fills {@code buffer} with at least one byte, or returns -1 at the end. Blocks.
     *
     * @return how many bytes were read
     * @throws StorageException {@code IO}
     */
    int read(ByteBuffer buffer) throws StorageException;

    @Override
    void close();
}
