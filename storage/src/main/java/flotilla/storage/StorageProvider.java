package flotilla.storage;

/**
 * Creates stores of one type. {@link java.util.ServiceLoader} finds it: its jar is on the class path and lists the
 * class in {@code META-INF/services/flotilla.storage.StorageProvider}.
 */
public interface StorageProvider {
    /** Returns the {@code type} by which the configuration of a store names this provider. */
    String type();

    /**
     * Creates a store. It reads no disk and no network; a store does that when a home is opened.
     *
     * @param resources what all stores of the node share
     * @throws IllegalArgumentException when the settings cannot be used; an operator reads the message, which holds no
     *     secret
     */
    Store open(StoreSettings settings, StoreResources resources);
}
