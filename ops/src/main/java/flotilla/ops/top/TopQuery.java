package flotilla.ops.top;

import flotilla.ops.client.AdminClient;
import java.util.List;

/**
 * The part of the sessions that the screen shows.
 *
 * @param sort a key of the API's order
 * @param descending whether the largest comes first
 * @param filter a user's name, an address, or a state of sessions; empty for all
 * @param rows most sessions that fit
 */
record TopQuery(String sort, boolean descending, String filter, int rows) {
    private static final List<String> SORTS = List.of("active", "rate", "bytes", "user", "address", "node", "since");
    private static final List<String> STATES = List.of("connecting", "idle", "transferring");

    TopQuery sortedByNext() {
        String next = SORTS.get((SORTS.indexOf(sort) + 1) % SORTS.size());
        boolean largest = List.of("active", "rate", "bytes").contains(next);
        return new TopQuery(next, largest, filter, rows);
    }

    TopQuery reversed() {
        return new TopQuery(sort, !descending, filter, rows);
    }

    TopQuery filtered(String by) {
        return new TopQuery(sort, descending, by.strip(), rows);
    }

    TopQuery of(int fitting) {
        return new TopQuery(sort, descending, filter, Math.max(1, fitting));
    }

    /** Returns the request below the API. */
    String path() {
        String by = STATES.contains(filter) ? "state" : filter.matches("[0-9.]+|.*:.*") ? "address" : "user";
        return "sessions?sort=" + (descending ? "-" : "") + sort + "&limit=" + Math.min(rows, 1_000)
                + (filter.isEmpty() ? "" : "&" + by + "=" + AdminClient.encoded(filter));
    }
}
