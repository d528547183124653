package flotilla.node.tree;

import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;

/** Where the trees of users come from. */
public interface Backends extends AutoCloseable {
    /**
     * The backend of a mount whose stages complete on the blocking executor, for actors.
     *
     * @throws StorageException when the home is not there or cannot be opened
     */
    StorageBackend shared(Mount mount) throws StorageException;

    /** The backend of a mount that works on the calling thread, for the thread of a data connection. */
    StorageBackend direct(Mount mount) throws StorageException;

    /** Something could not be done in a mount; the operator hears of it when it lacks room. May block. */
    default void failed(Mount mount, StorageException why) {}

    /** An upload was stored in a mount. */
    default void stored(Mount mount) {}

    @Override
    void close();
}
