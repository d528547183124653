package flotilla.ops.log;

import java.util.Locale;

/**
 * Makes text from clients safe for a log or a table. Invisible characters are escaped, and a text is always one line.
 */
public final class LogText {
    private static final int MAX = 4096;

    private LogText() {}

    /**
     * Returns text for a log, from at most 4096 characters. Line ends become {@code \n} and {@code \r}. Characters of
     * {@link #isHidden} become {@code \}{@code u202e} and the like. Quotes and backslashes get a backslash. The result
     * may stand in a JSON string.
     */
    public static String escaped(String text) {
        if (text.length() <= MAX && text.chars().allMatch(LogText::isPlain)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 8);
        int[] points = text.codePoints().limit(MAX).toArray();
        int read = 0;
        for (int point : points) {
            read += Character.charCount(point);
            if (read > MAX) {
                break; // never cuts a surrogate pair
            }
            if (point == '"' || point == '\\') {
                out.append('\\').append((char) point);
            } else {
                append(out, point);
            }
        }
        return out.toString();
    }

    /** Returns whether a character stays as it is. Most texts have only such ones. */
    private static boolean isPlain(int character) {
        return character >= ' ' && character < 0x7f && character != '"' && character != '\\';
    }

    /** Returns text for a terminal. Quotes and backslashes stay as they are; everything else is as for a log. */
    public static String shown(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(point -> append(out, point));
        return out.toString();
    }

    private static void append(StringBuilder out, int point) {
        if (point == '\n') {
            out.append("\\n");
        } else if (point == '\r') {
            out.append("\\r");
        } else if (isHidden(point)) {
            for (char half : Character.toChars(point)) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) half));
            }
        } else {
            out.appendCodePoint(point);
        }
    }

    /**
     * Returns whether a character is not shown itself, but moves, hides or breaks others: categories Cc, Cf, Cs, Co,
     * Cn, Zl and Zp.
     */
    static boolean isHidden(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
