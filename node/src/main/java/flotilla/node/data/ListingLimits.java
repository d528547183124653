package flotilla.node.data;

import flotilla.storage.ListingMemory;
import java.time.Duration;

/**
 * What listings may take that are sorted by their sender.
 *
 * @param memory shared by all listings of the node
 * @param patience how long a listing waits for memory that others hold
 */
public record ListingLimits(ListingMemory memory, Duration patience) {}
