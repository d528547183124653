package flotilla.node.protocol;

/** How names and other client text are shown: no control character ever reaches a reply, a listing or a log line. */
public final class Names {
    private Names() {}

    /** Whether {@code text} holds a C0 or C1 control character or DEL. */
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

    /** The text between quotes with each quote doubled (RFC 959, appendix II), as 257 wants it. */
    public static String quoted(String path) {
        return '"' + path.replace("\"", "\"\"") + '"';
    }
}
