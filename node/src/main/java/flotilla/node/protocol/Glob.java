package flotilla.node.protocol;

/**
 * Matches the patterns of LIST and NLST: {@code *} and {@code ?} in the last component. It needs linear space and no
 * recursion.
 */
public final class Glob {
    /** Largest number of stars in a pattern. */
    public static final int MAX_STARS = 4;

    private Glob() {}

    /** Returns true when {@code name} holds a wildcard. */
    public static boolean isPattern(String name) {
        return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
    }

    /** Returns true when a pattern has few enough stars to be matched. */
    public static boolean isAcceptable(String pattern) {
        return pattern.chars().filter(c -> c == '*').count() <= MAX_STARS;
    }

    /**
     * Returns true when the pattern matches the whole name. The match is greedy and returns to the last star only:
     * O(name × pattern).
     */
    public static boolean matches(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int mark = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = n;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++mark;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
