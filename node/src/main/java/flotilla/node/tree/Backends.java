package flotilla.node.tree;

import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;

/** Opens the storage backends of users' homes. */
public interface Backends extends AutoCloseable {
    /**
     * The backend of a mount for actors: its stages complete on the blocking executor.
     *
     * @throws StorageException when the home is missing or cannot be opened
     */
    StorageBackend shared(Mount mount) throws StorageException;

    /**
     * The backend of a mount for the thread of a data connection: it works on the calling thread.
     *
     * @throws StorageException when the home is missing or cannot be opened
     */
    StorageBackend direct(Mount mount) throws StorageException;

    /** Takes a failure in a mount, so that an operator learns of a full file system. May block. */
    default void failed(Mount mount, StorageException why) {}

    /** Takes the news that an upload was stored in a mount. */
    default void stored(Mount mount) {}

    @Override
    void close();
}
