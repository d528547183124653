package flotilla.ops.log;

/** How text from clients stands in a log: control characters and quotes escaped, never more than a line. */
final class LogText {
    private static final int MAX = 4096;

    private LogText() {}

    /** Control characters as {@code \n}, {@code \x1b}; quotes and backslashes with a backslash before. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        int length = Math.min(text.length(), MAX);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                out.append("\\n");
            } else if (c == '\r') {
                out.append("\\r");
            } else if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029) {
                out.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
