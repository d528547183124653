package flotilla.node.overview;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.util.List;

/**
 * Which sessions are wanted, in which order. Empty text matches everything.
 *
 * @param user exact name
 * @param address text of the client's address
 * @param node name of a node that holds the control connection or the session
 * @param state {@code connecting}, {@code idle} or {@code transferring}
 * @param ids only these; empty for all
 * @param sort what the page is ordered by
 * @param after where the last page ended; {@link SortKey#START} for the first
 * @param limit most sessions wanted
 */
public record SessionQuery(
        @Tag(1) String user,
        @Tag(2) String address,
        @Tag(3) String node,
        @Tag(4) String state,
        @Tag(5) List<String> ids,
        @Tag(6) Sort sort,
        @Tag(7) boolean descending,
        @Tag(8) SortKey after,
        @Tag(9) int limit)
        implements Wire {

    /** What sessions can be ordered by. */
    public enum Sort {
        /** When the client connected. */
        SINCE,
        USER,
        ADDRESS,
        NODE,
        /** When the last command came. */
        ACTIVE,
        /** Bytes moved by the running transfer; only sessions that move some. */
        BYTES,
        /** Bytes a second of the running transfer; only sessions that move some. */
        RATE
    }

    /** A place in an order; equal places differ by the session's id. */
    public record SortKey(
            @Tag(1) long number,
            @Tag(2) String text,
            @Tag(3) String id) implements Wire, Comparable<SortKey> {
        public static final SortKey START = new SortKey(0, "", "");

        @Override
        public int compareTo(SortKey other) {
            int byNumber = Long.compare(number, other.number);
            int byText = byNumber != 0 ? byNumber : text.compareTo(other.text);
            return byText != 0 ? byText : id.compareTo(other.id);
        }
    }

    public SessionQuery {
        ids = List.copyOf(ids);
    }

    /** Whether the order is one of transfers, which only their data connections' nodes know. */
    public boolean isByTransfer() {
        return sort == Sort.BYTES || sort == Sort.RATE;
    }

    /** The same for these sessions alone, in no order. */
    public SessionQuery forIds(List<String> wanted) {
        return new SessionQuery(
                user, address, node, state, wanted, Sort.SINCE, false, SortKey.START, Math.max(1, wanted.size()));
    }

    /** Whether a place is behind the last page. */
    boolean isBehind(SortKey key) {
        if (after.equals(SortKey.START)) {
            return true;
        }
        return descending ? key.compareTo(after) < 0 : key.compareTo(after) > 0;
    }
}
