package flotilla.storage;

/** Counts what stores do. Many threads use it at once. Its methods do not block. */
public interface StoreMeter {
    /** Counts nothing. */
    StoreMeter NONE = new StoreMeter() {};

    /**
     * Takes the end of a request to the service behind a store.
     *
     * @param store name of the store; empty for the default store
     * @param operation name of the request, from a closed list of the provider, such as {@code PutObject}
     * @param nanos its time, retries included
     * @param error kind of its failure, in kebab-case from a closed list such as {@code timeout}; empty for success
     */
    default void requested(String store, String operation, long nanos, String error) {}

    /** Takes an attempt that was made again. */
    default void retried(String store) {}

    /**
     * Takes bytes that went to the service or came from it.
     *
     * @param sent whether this node sent them
     */
    default void moved(String store, boolean sent, long bytes) {}

    /** Takes a change of the number of parts of uploads that are on their way: 1 or -1. */
    default void parts(String store, int change) {}
}
