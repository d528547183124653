package flotilla.storage;

import java.util.List;

/** The entries of a directory, read page by page. Used by one thread, closed by whoever asked for it. */
public interface Listing extends AutoCloseable {
    /** In which order the caller wants the entries. */
    enum Order {
        /** As they come: a directory of any size takes the memory of one page. */
        NONE,
        /**
         * Bytewise by name where the names fit in the memory that listings may take, as they come otherwise. With
         * {@link Capability#NAME_ORDER} only.
         */
        NAME
    }

    /**
     * The next entries, at most {@code limit}; empty at the end. Entries that vanish meanwhile are left out. Blocks.
     *
     * @throws StorageException {@code ACCESS_DENIED} or {@code IO}
     */
    List<Entry> next(int limit) throws StorageException;

    @Override
    void close();
}
