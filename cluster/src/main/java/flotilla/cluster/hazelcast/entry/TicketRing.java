package flotilla.cluster.hazelcast.entry;

import flotilla.cluster.TicketKeys.TicketKey;
import flotilla.cluster.wire.Tag;
import java.util.List;

/**
 * The ticket keys in force.
 *
 * @param created when the first key was made, in milliseconds of the epoch
 * @param keys newest first
 */
public record TicketRing(@Tag(1) long created, @Tag(2) List<TicketKey> keys) {
    public TicketRing {
        keys = List.copyOf(keys);
    }
}
