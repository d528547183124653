package flotilla.ops.log;

import java.util.Locale;

/**
 * How text from clients stands in a log or a table: what does not show as itself is escaped, and it is never more than
 * a line.
 */
public final class LogText {
    private static final int MAX = 4096;

    private LogText() {}

    /**
     * Text for a log: line ends as {@code \n} and {@code \r}, what {@link #isHidden} as {@code \}{@code u202e}, quotes
     * and backslashes with a backslash before. It may stand in a JSON string. At most 4096 characters of the text.
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
                break; // never between the halves of a pair
            }
            if (point == '"' || point == '\\') {
                out.append('\\').append((char) point);
            } else {
                append(out, point);
            }
        }
        return out.toString();
    }

    /** Most texts are such: nothing of them is escaped. */
    private static boolean isPlain(int character) {
        return character >= ' ' && character < 0x7f && character != '"' && character != '\\';
    }

    /** Text for people at a terminal: as for a log, with quotes and backslashes as they are. */
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
     * Whether a character moves, hides or breaks others instead of being seen: of the categories Cc, Cf, Cs, Co, Cn, Zl
     * and Zp.
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
