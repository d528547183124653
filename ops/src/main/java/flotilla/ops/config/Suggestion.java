package flotilla.ops.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody meant. */
final class Suggestion {
    private static final int LONGEST = 100;
    private static final int FEW = 2;

    private Suggestion() {}

    /** Returns {@code ", did you mean NAME?"} for the nearest name; empty when none is near. */
    static String of(String wrong, Collection<String> names) {
        return nearest(wrong, names).map(name -> ", did you mean " + name + "?").orElse("");
    }

    /**
     * Returns the name with the fewest differences, in any case of letters; empty when all differ in more than a third
     * of the letters. The time grows with the product of the lengths, so a long text is near to none.
     */
    static Optional<String> nearest(String wrong, Collection<String> names) {
        int most = Math.max(FEW, wrong.length() / 3);
        return wrong.length() > LONGEST
                ? Optional.empty()
                : names.stream()
                        .min(Comparator.<String>comparingInt(name -> distance(wrong, name))
                                .thenComparing(Comparator.naturalOrder()))
                        .filter(name -> distance(wrong, name) <= most);
    }

    /** Returns the number of characters to add, remove or replace (Levenshtein). */
    private static int distance(String one, String other) {
        String from = one.toLowerCase(Locale.ROOT);
        String to = other.toLowerCase(Locale.ROOT);
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
