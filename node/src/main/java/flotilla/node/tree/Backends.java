package flotilla.node.tree;

import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;

/** Opens the storage backends of users' homes. */
public interface Backends extends AutoCloseable {
    /**
     * The backend of the home of a mount, which stays open for others; {@link UserTree#open} has the other mounts. Blocks
     * when it is not open yet.
     *
     * @throws StorageException when the home is missing or cannot be opened
     */
    StorageBackend open(Mount mount) throws StorageException;

    /** Takes a failure in the home of a mount, so that an operator learns of a full file system. May block. */
    default void failed(Mount mount, StorageException why) {}

    /** Takes the news that an upload was stored in the home of a mount. */
    default void stored(Mount mount) {}

    @Override
    void close();
}
