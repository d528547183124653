package flotilla.node.data;

import flotilla.storage.ListingMemory;
import java.time.Duration;

/**
 * The limits of listings that the server sorts.
 *
 * @param memory the memory that all listings of the node share
 * @param patience how long a listing waits for memory that others use
 */
public record ListingLimits(ListingMemory memory, Duration patience) {}
