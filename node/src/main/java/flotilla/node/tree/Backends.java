package flotilla.node.tree;

import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;

/** Opens the storage backends of users' homes. */
public interface Backends extends AutoCloseable {
    /**
     * The backend of a mount, which stays open for others. Blocks when it is not open yet.
     *
     * @throws StorageException when the home is missing or cannot be opened
     */
    StorageBackend open(Mount mount) throws StorageException;

    /** Takes a failure in a mount, so that an operator learns of a full file system. May block. */
    default void failed(Mount mount, StorageException why) {}

    /** Takes the news that an upload was stored in a mount. */
    default void stored(Mount mount) {}

    @Override
    void close();
}
