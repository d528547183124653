package flotilla.node.protocol;

import java.util.List;

/**
 * A reply (RFC 959, section 4.2): a code and lines of text. One line gives {@code ddd text}. Several lines give
 * {@code ddd-first}, inner lines indented by a space, and {@code ddd last}.
 *
 * @param lines text without code and line ends; {@link #encode} replaces control characters
 * @param marked true when inner lines have the code and a hyphen, as the first one
 */
public record Reply(int code, List<String> lines, boolean marked) {
    /** Longest text of one line, in characters. */
    public static final int MAX_LINE = 4096 + 128;

    public Reply {
        lines = List.copyOf(lines);
        if (code < 100 || code > 659 || lines.isEmpty()) {
            throw new IllegalArgumentException("not a reply: " + code);
        }
    }

    /** A reply whose inner lines are indented. */
    public Reply(int code, List<String> lines) {
        this(code, lines, false);
    }

    /**
     * A reply that shows a text of somebody else. Each line but the last begins with the code and a hyphen, so no line
     * of the text looks like the end of the reply.
     */
    public static Reply showing(int code, List<String> text, String last) {
        List<String> lines = new java.util.ArrayList<>(text);
        lines.add(last);
        return new Reply(code, lines, true);
    }

    /** A reply of one line. */
    public static Reply of(int code, String text) {
        return new Reply(code, List.of(text));
    }

    /**
     * A reply of several lines.
     *
     * @param first text of the first line, with the code
     * @param inner lines between the first and the last
     * @param last text of the last line, with the code
     */
    public static Reply multiLine(int code, String first, List<String> inner, String last) {
        List<String> lines = new java.util.ArrayList<>(inner.size() + 2);
        lines.add(first);
        lines.addAll(inner);
        lines.add(last);
        return new Reply(code, lines);
    }

    /** Returns true when another reply to the same command follows (1yz; RFC 959, section 4.2). */
    public boolean isPreliminary() {
        return code < 200;
    }

    /** Returns true when the command was refused or failed (4yz, 5yz). */
    public boolean isRefusal() {
        return code >= 400;
    }

    /** The first line, for logs and tests. */
    public String text() {
        return lines.get(0);
    }

    /** The bytes on the wire: UTF-8, CRLF. */
    public byte[] encode() {
        return encode(Encoding.UTF_8);
    }

    /** The bytes on the wire in another encoding, with CRLF. */
    public byte[] encode(Encoding encoding) {
        StringBuilder wire = new StringBuilder(64 * lines.size());
        int last = lines.size() - 1;
        for (int i = 0; i <= last; i++) {
            if (i == last) {
                wire.append(code).append(' ');
            } else if (i == 0 || marked) {
                wire.append(code).append('-');
            } else {
                wire.append(' ');
            }
            String line = lines.get(i);
            Names.appendPrintable(wire, line.length() > MAX_LINE ? line.substring(0, MAX_LINE) : line);
            wire.append("\r\n");
        }
        return encoding.encode(wire.toString());
    }

    @Override
    public String toString() {
        return code + " " + String.join(" / ", lines);
    }
}
