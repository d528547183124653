package flotilla.storage;

/** A store of files with the homes of many users. Many threads use it at once. */
public interface Store extends AutoCloseable {
    /**
     * Returns the tree of files below a home. The node asks for it at each use of the home, so a store keeps what is
     * expensive to open. May block.
     *
     * @param path the home in this store, without a slash at its beginning; empty for all of the store
     * @param followLinks whether symbolic links may be followed, if the store knows any
     * @return the tree; the store closes it, at the latest with itself
     * @throws StorageException when the home is missing or cannot be opened; the node then refuses its user
     */
    StorageBackend home(String path, boolean followLinks) throws StorageException;

    /**
     * Receives the failure of an upload or download in a home, so that the store can log that it is full. May block.
     */
    default void failed(String path, StorageException why) {}

    /** Receives the success of an upload in a home. */
    default void stored(String path) {}

    /**
     * Returns the number of places in this store that uploads found full and that have had no room since. Does not
     * block.
     */
    default int full() {
        return 0;
    }

    /** Checks if full places have room again. The node calls it each second while {@link #full} is not 0. May block. */
    default void lookForRoom() {}

    @Override
    void close();
}
