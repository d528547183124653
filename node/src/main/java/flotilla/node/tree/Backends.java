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

    @Override
    void close();
}
