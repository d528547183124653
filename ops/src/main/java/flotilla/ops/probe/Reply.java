package flotilla.ops.probe;

import java.util.List;

/**
 * A reply of an FTP server (RFC 959, section 4.2).
 *
 * @param code three digits
 * @param lines all lines as they came
 */
record Reply(int code, List<String> lines) {
    private static final int MOST_SHOWN = 100;

    Reply {
        lines = List.copyOf(lines);
    }

    /** Returns whether the first digit of the code is this one. */
    boolean is(int kind) {
        return code / 100 == kind;
    }

    /** Returns the last line, of at most 100 characters. */
    String shown() {
        String last = lines.get(lines.size() - 1);
        return last.length() <= MOST_SHOWN ? last : last.substring(0, MOST_SHOWN) + "…";
    }
}
