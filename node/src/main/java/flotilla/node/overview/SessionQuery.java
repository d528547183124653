package flotilla.node.overview;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import java.util.List;

/**
 * A query for sessions, with an order. An empty text matches everything.
 *
 * @param user exact name
 * @param address text of the client's address
 * @param node name of a node that has the control connection or the session
 * @param state {@code connecting}, {@code idle} or {@code transferring}
 * @param ids the only sessions that match; empty for all
 * @param sort the order of the page
 * @param after end of the page before; {@link SortKey#START} for the first page
 * @param limit largest number of sessions on the page
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

    /** The orders of sessions. */
    public enum Sort {
        /** By the time when the client connected. */
        SINCE,
        USER,
        ADDRESS,
        NODE,
        /** By the time of the last command. */
        ACTIVE,
        /** By the bytes that the running transfer has moved; only sessions with a running transfer. */
        BYTES,
        /** By the bytes a second of the running transfer; only sessions with a running transfer. */
        RATE
    }

    /** A place in an order. Equal places differ by the session's id. */
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

    /** Returns true for an order of transfers, which only the nodes of their data connections know. */
    public boolean isByTransfer() {
        return sort == Sort.BYTES || sort == Sort.RATE;
    }

    /** The same query for these sessions only, without an order. */
    public SessionQuery forIds(List<String> wanted) {
        return new SessionQuery(
                user, address, node, state, wanted, Sort.SINCE, false, SortKey.START, Math.max(1, wanted.size()));
    }

    /** Returns true when the place is after the page before. */
    boolean isBehind(SortKey key) {
        if (after.equals(SortKey.START)) {
            return true;
        }
        return descending ? key.compareTo(after) < 0 : key.compareTo(after) > 0;
    }
}
