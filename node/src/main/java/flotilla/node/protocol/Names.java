package flotilla.node.protocol;

/**
 * Makes names and other text of clients printable: no control character gets into a reply, a listing or a line of the
 * log.
 */
public final class Names {
    private static final int LONG = 8;

    private Names() {}

    /** Returns true when {@code text} holds a C0 or C1 control character or DEL. */
    public static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    static boolean isControl(char c) {
        return c < ' ' || c >= 0x7f && c < 0xa0;
    }

    /** The text with each control character replaced by {@code ?}. */
    public static String printable(String text) {
        if (!hasControl(text)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        appendPrintable(out, text);
        return out.toString();
    }

    static void appendPrintable(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(isControl(c) ? '?' : c);
        }
    }

    /**
     * The first letter of a name, two of one with 8 or more, and an ellipsis: for a name that no account may have, because
     * a password may have been typed in its place.
     */
    public static String hidden(String name) {
        int length = name.codePointCount(0, name.length());
        int shown = Math.min(length, length >= LONG ? 2 : 1);
        return printable(name.substring(0, name.offsetByCodePoints(0, shown))) + "…";
    }

    /** The text in quotes, with each quote in it doubled, for reply 257 (RFC 959, appendix II). */
    public static String quoted(String path) {
        return '"' + path.replace("\"", "\"\"") + '"';
    }
}
