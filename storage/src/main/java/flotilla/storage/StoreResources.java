package flotilla.storage;

/**
 * The parts of a node that all of its stores share.
 *
 * @param listings the memory of all listings
 * @param transfers the memory for bytes on their way to and from stores that need buffers of their own
 * @param meter counts the requests of the stores
 * @param reviewed whether uploads may be read back before their commit, with {@link ByteSink#review}: a store that needs
 *     to prepare for that does so
 */
public record StoreResources(ListingMemory listings, TransferMemory transfers, StoreMeter meter, boolean reviewed) {
    /** Returns resources of this size that count nothing. */
    public static StoreResources of(long listingBytes, long transferBytes) {
        return new StoreResources(
                new ListingMemory(listingBytes), new TransferMemory(transferBytes), StoreMeter.NONE, false);
    }
}
