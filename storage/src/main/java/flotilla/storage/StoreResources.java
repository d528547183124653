package flotilla.storage;

/**
 * The parts of a node that all of its stores share.
 *
 * @param listings the memory of all listings
 * @param transfers the memory for bytes on their way to and from stores that need buffers of their own
 * @param meter counts the requests of the stores
 */
public record StoreResources(ListingMemory listings, TransferMemory transfers, StoreMeter meter) {
    /** Returns resources of this size that count nothing. */
    public static StoreResources of(long listingBytes, long transferBytes) {
        return new StoreResources(new ListingMemory(listingBytes), new TransferMemory(transferBytes), StoreMeter.NONE);
    }
}
