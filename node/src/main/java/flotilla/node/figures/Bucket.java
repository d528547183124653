package flotilla.node.figures;

import flotilla.cluster.Figures.Figure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The figures of one minute while they grow. Not safe for threads. */
final class Bucket {
    static final String NODE = "node";
    static final String CAUSE = "cause";
    static final String USER = "user";
    static final String ADDRESS = "address";
    /** The name of what has no name of its own. */
    static final String REST = "";

    /** Most users, and most addresses, that are counted one by one. */
    private static final int COUNTED = 1_000;
    /** Most of them that are kept. */
    private static final int KEPT = 50;

    final long minute;
    private final Map<String, Figure> totals = new HashMap<>();
    private final Map<String, Figure> users = new HashMap<>();
    private final Map<String, Figure> addresses = new HashMap<>();

    Bucket(long minute) {
        this.minute = minute;
    }

    static Figure login(String kind, String name) {
        return new Figure(kind, name, 0, 1, 0, 0, 0, 0, 0);
    }

    static Figure failure(String kind, String name) {
        return new Figure(kind, name, 0, 0, 1, 0, 0, 0, 0);
    }

    /** Adds to the figures of the node or of a cause. */
    void addTotal(Figure more) {
        totals.merge(more.kind() + ' ' + more.name(), more, Figure::plus);
    }

    /** Adds to the figures of a user or an address. */
    void addName(Figure more) {
        if (more.name().isEmpty()) {
            return;
        }
        Map<String, Figure> names = more.kind().equals(USER) ? users : addresses;
        boolean fits = names.containsKey(more.name()) || names.size() < COUNTED;
        Figure counted = fits ? more : renamed(more);
        names.merge(counted.name(), counted, Figure::plus);
    }

    private static Figure renamed(Figure figure) {
        return new Figure(
                figure.kind(),
                REST,
                figure.sessions(),
                figure.logins(),
                figure.failures(),
                figure.filesIn(),
                figure.filesOut(),
                figure.bytesIn(),
                figure.bytesOut());
    }

    List<Figure> totals() {
        return List.copyOf(totals.values());
    }

    /** Returns the figures of the busiest users and addresses; those of all others are added up. */
    List<Figure> names() {
        List<Figure> all = new ArrayList<>(busiest(users));
        all.addAll(busiest(addresses));
        return all;
    }

    private static List<Figure> busiest(Map<String, Figure> names) {
        List<Figure> sorted = names.values().stream()
                .sorted(Comparator.comparingLong(Bucket::weight).reversed())
                .toList();
        List<Figure> kept = new ArrayList<>();
        Figure rest = null;
        for (Figure figure : sorted) {
            if (kept.size() < KEPT && !figure.name().equals(REST)) {
                kept.add(figure);
            } else {
                rest = rest == null ? renamed(figure) : rest.plus(figure);
            }
        }
        if (rest != null) {
            kept.add(rest);
        }
        return kept;
    }

    /** A login or a failure weighs as much as a kilobyte: names without transfers count, too. */
    private static long weight(Figure figure) {
        return figure.bytesIn() + figure.bytesOut() + 1024 * (figure.logins() + figure.failures());
    }
}
