package flotilla.ops.docs;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of a page that a generator writes: each from {@code <!-- generated: NAME -->} to {@code <!-- end -->}. What
 * is outside of them is written by hand, and stays.
 */
final class MarkedParts {
    private static final Pattern PART =
            Pattern.compile("(<!-- generated: ([^\n]+) -->\n).*?(<!-- end -->\n)", Pattern.DOTALL);

    private MarkedParts() {}

    /** Returns the names of all parts, in their order. */
    static List<String> names(String page) {
        return PART.matcher(page).results().map(part -> part.group(2)).toList();
    }

    /**
     * Returns the page with its parts written anew.
     *
     * @param text returns the text of the part of a name, with a line end
     */
    static String written(String page, UnaryOperator<String> text) {
        return PART.matcher(page)
                .replaceAll(part -> Matcher.quoteReplacement(
                        part.group(1) + "\n" + text.apply(part.group(2)) + "\n" + part.group(3)));
    }
}
