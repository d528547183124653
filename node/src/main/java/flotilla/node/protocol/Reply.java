package flotilla.node.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A reply (RFC 959, section 4.2): a code and its lines of text. One line gives {@code ddd text}; more give
 * {@code ddd-first}, inner lines indented by a space, and {@code ddd last}.
 *
 * @param lines text without code and line ends; control characters are replaced when it is encoded
 */
public record Reply(int code, List<String> lines) {
    /** Longest text of one line, in characters. */
    public static final int MAX_LINE = 4096 + 128;

    public Reply {
        lines = List.copyOf(lines);
        if (code < 100 || code > 659 || lines.isEmpty()) {
            throw new IllegalArgumentException("not a reply: " + code);
        }
    }

    public static Reply of(int code, String text) {
        return new Reply(code, List.of(text));
    }

    /** A reply of several lines, the first and the last being the frame around the inner ones. */
    public static Reply multiLine(int code, String first, List<String> inner, String last) {
        List<String> lines = new java.util.ArrayList<>(inner.size() + 2);
        lines.add(first);
        lines.addAll(inner);
        lines.add(last);
        return new Reply(code, lines);
    }

    /** Whether another reply to the same command follows (RFC 959, section 4.2: 1yz). */
    public boolean isPreliminary() {
        return code < 200;
    }

    /** Whether the command did not do what it was asked to. */
    public boolean isRefusal() {
        return code >= 400;
    }

    /** The first line, for logs and tests. */
    public String text() {
        return lines.get(0);
    }

    /** The bytes on the wire: UTF-8, CRLF. */
    public byte[] encode() {
        StringBuilder wire = new StringBuilder(64 * lines.size());
        int last = lines.size() - 1;
        for (int i = 0; i <= last; i++) {
            if (i == last) {
                wire.append(code).append(' ');
            } else if (i == 0) {
                wire.append(code).append('-');
            } else {
                wire.append(' ');
            }
            String line = lines.get(i);
            Names.appendPrintable(wire, line.length() > MAX_LINE ? line.substring(0, MAX_LINE) : line);
            wire.append("\r\n");
        }
        return wire.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return code + " " + String.join(" / ", lines);
    }
}
