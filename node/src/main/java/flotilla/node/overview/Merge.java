package flotilla.node.overview;

import flotilla.node.overview.SessionQuery.SortKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Joins the sorted pages of several nodes. A page that was cut short says nothing about entries after its end, so the
 * joined page ends there, too.
 */
final class Merge<T> {
    private final int limit;
    private final Function<T, SortKey> keyOf;
    private final Comparator<T> order;
    private final List<T> all = new ArrayList<>();
    private @Nullable T horizon;

    Merge(SessionQuery query, Function<T, SortKey> keyOf) {
        this.limit = query.limit();
        this.keyOf = keyOf;
        Comparator<T> ascending = Comparator.comparing(keyOf);
        this.order = query.descending() ? ascending.reversed() : ascending;
    }

    /**
     * Adds the page of a node.
     *
     * @param more true when the node has further entries
     */
    void add(List<T> page, boolean more) {
        all.addAll(page);
        if (more && !page.isEmpty()) {
            T last = page.get(page.size() - 1);
            if (horizon == null || order.compare(last, horizon) < 0) {
                horizon = last;
            }
        }
    }

    List<T> page() {
        return sorted().stream().limit(limit).toList();
    }

    private List<T> sorted() {
        T end = horizon;
        return all.stream()
                .filter(item -> end == null || order.compare(item, end) <= 0)
                .sorted(order)
                .toList();
    }

    /** The start of the next page; empty when there can be no further entry. */
    Optional<SortKey> next() {
        List<T> known = sorted();
        boolean more = horizon != null || known.size() > limit;
        return more && !known.isEmpty()
                ? Optional.of(keyOf.apply(known.get(Math.min(limit, known.size()) - 1)))
                : Optional.empty();
    }
}
