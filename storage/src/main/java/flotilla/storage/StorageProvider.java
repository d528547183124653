package flotilla.storage;

/**
 * Makes stores of one type. {@link java.util.ServiceLoader} finds it: its jar is on the class path and names it in
 * {@code META-INF/services/flotilla.storage.StorageProvider}.
 */
public interface StorageProvider {
    /** The {@code type} by which the configuration of a store asks for it. */
    String type();

    /**
     * Makes a store. It asks nothing of disks or networks: that happens when a home is opened.
     *
     * @param listings the memory of all listings of the node
     * @throws IllegalArgumentException when the settings cannot be used; an operator reads the message, which holds no
     *     secret
     */
    Store open(StoreSettings settings, ListingMemory listings);
}
