package flotilla.ops.console;

import flotilla.node.overview.SessionQuery;
import flotilla.node.overview.SessionQuery.Sort;
import flotilla.node.overview.SessionQuery.SortKey;
import flotilla.ops.admin.Cursor;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the page of sessions shows, and in which order. Unlike the API, it takes anything: what it cannot read counts as
 * not given.
 *
 * @param sort name of an order; a minus before it reverses it
 * @param cursor the end of the page before; empty for the first page
 */
public record SessionFilter(String user, String address, String node, String state, String sort, String cursor) {
    /** Most sessions on a page. */
    static final int PAGE = 50;

    private static final int LONGEST = 255;
    private static final String USUAL = "-since";
    private static final Set<String> STATES = Set.of("connecting", "idle", "transferring");

    static SessionFilter of(Map<String, String> query) {
        String state = text(query, "state");
        String sort = text(query, "sort");
        return new SessionFilter(
                text(query, "user"),
                text(query, "address"),
                text(query, "node"),
                STATES.contains(state) ? state : "",
                isOrder(sort) ? sort : USUAL,
                text(query, "cursor"));
    }

    private static String text(Map<String, String> query, String name) {
        String text = query.getOrDefault(name, "").strip();
        return text.length() > LONGEST ? "" : text;
    }

    private static boolean isOrder(String sort) {
        return Arrays.stream(Sort.values()).anyMatch(known -> known.name().equals(name(sort)));
    }

    private static String name(String sort) {
        return (sort.startsWith("-") ? sort.substring(1) : sort).toUpperCase(Locale.ROOT);
    }

    SessionQuery query() {
        return new SessionQuery(
                user, address, node, state, List.of(), Sort.valueOf(name(sort)), sort.startsWith("-"), place(), PAGE);
    }

    private SortKey place() {
        try {
            return Cursor.parse(cursor);
        } catch (RuntimeException unreadable) {
            return SortKey.START;
        }
    }

    SessionFilter at(String place) {
        return new SessionFilter(user, address, node, state, sort, place);
    }

    /** Returns the same filter in another order, from its first page on. */
    public SessionFilter by(String order) {
        return new SessionFilter(user, address, node, state, order, "");
    }

    /** Returns the query of a URL, with its question mark. */
    public String asQuery() {
        return "?user=" + encoded(user) + "&address=" + encoded(address) + "&node=" + encoded(node) + "&state=" + state
                + "&sort=" + sort + "&cursor=" + encoded(cursor);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Returns what the order of a column's link is: the other way round if it is in force already. */
    public String next(String column) {
        return sort.equals(column) ? "-" + column : column;
    }

    /** Returns the order of a column for screen readers. */
    public String ariaSort(String column) {
        return sort.equals(column) ? "ascending" : sort.equals("-" + column) ? "descending" : "none";
    }
}
