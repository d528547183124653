package flotilla.storage;

import java.nio.ByteBuffer;

/**
 * A file that was opened for reading at an offset. One thread uses it. Its size is fixed when it is opened: bytes that
 * are appended later are not read.
 */
public interface ByteSource extends AutoCloseable {
    /** Returns the file as it was when it was opened, without the bytes of an append that was in progress. */
    Entry entry();

    /** Returns the number of bytes of the whole file when it was opened. */
    default long size() {
        return entry().size();
    }

    /**
     * Reads at least one byte into {@code buffer}. Blocks.
     *
     * @return the number of bytes read, -1 at the end
     * @throws StorageException {@code IO}
     */
    int read(ByteBuffer buffer) throws StorageException;

    @Override
    void close();
}
