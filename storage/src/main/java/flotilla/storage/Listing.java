package flotilla.storage;

import java.util.List;

/** The entries of a directory in bytewise name order, read page by page. Used by one thread, closed by whoever asked for it. */
public interface Listing extends AutoCloseable {
    /**
     * The next entries, at most {@code limit}; empty at the end. Entries that vanish meanwhile are left out. Blocks.
     *
     * @throws StorageException {@code ACCESS_DENIED} or {@code IO}
     */
    List<Entry> next(int limit) throws StorageException;

    @Override
    void close();
}
