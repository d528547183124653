package flotilla.node.data;

import flotilla.storage.ListingMemory;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The limits of listings that the server sorts, and the times that they show.
 *
 * @param memory the memory that all listings of the node share
 * @param patience how long a listing waits for memory that others use
 * @param zone the time zone of LIST
 * @param depth most levels below the directory of a recursive listing
 * @param entries most entries of a recursive listing
 */
public record ListingLimits(ListingMemory memory, Duration patience, ZoneId zone, int depth, int entries) {
    /** Limits with times of UTC, for listings of one directory. */
    public ListingLimits(ListingMemory memory, Duration patience) {
        this(memory, patience, ZoneOffset.UTC, 0, 0);
    }

    /** The same for a listing that does not wait. */
    ListingLimits impatient() {
        return new ListingLimits(memory, Duration.ZERO, zone, depth, entries);
    }
}
