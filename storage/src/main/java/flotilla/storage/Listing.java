package flotilla.storage;

import java.util.List;

/** The entries of a directory, read page by page. One thread uses it. The caller that asked for it closes it. */
public interface Listing extends AutoCloseable {
    /** The order of the entries that the caller wants. */
    enum Order {
        /** The order of the store. A directory of any size takes the memory of one page. */
        NONE,
        /**
         * The order of the names' bytes, if the names fit in the memory for listings; otherwise the order of the store.
         * Only with {@link Capability#NAME_ORDER}.
         */
        NAME
    }

    /**
     * Returns the next entries, at most {@code limit}; empty at the end. It leaves out entries that it finds gone; a
     * store that reads names together with attributes may show some of them. Blocks.
     *
     * @throws StorageException {@code ACCESS_DENIED} or {@code IO}
     */
    List<Entry> next(int limit) throws StorageException;

    @Override
    void close();
}
