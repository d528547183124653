package flotilla.node.protocol;

import flotilla.storage.Entry;

/** A line of LIST in the form of {@code ls -l} that every client's parser reads. Times are UTC. */
public final class ListLine {
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final long DAY = 86_400_000L;
    private static final String OWNER = "ftp      ftp      ";

    private ListLine() {}

    /** Appends the line with CRLF. @param nowMillis decides between time of day and year */
    public static void append(StringBuilder out, Entry entry, long nowMillis) {
        out.append(letter(entry.type()));
        for (int bit = 8; bit >= 0; bit--) {
            out.append((entry.mode() >> bit & 1) == 1 ? "xwr".charAt(bit % 3) : '-');
        }
        out.append("   1 ").append(OWNER);
        String size = Long.toString(entry.size());
        out.append(" ".repeat(Math.max(0, 12 - size.length()))).append(size).append(' ');
        appendDate(out, entry.modifiedMillis(), nowMillis);
        out.append(' ');
        Names.appendPrintable(out, entry.name());
        out.append("\r\n");
    }

    /** As {@code ls} has them. */
    private static char letter(Entry.Type type) {
        return switch (type) {
            case FILE -> '-';
            case DIRECTORY -> 'd';
            case LINK -> 'l';
            case FIFO -> 'p';
            case SOCKET -> 's';
            case CHARACTER_DEVICE -> 'c';
            case BLOCK_DEVICE -> 'b';
            case OTHER -> '?';
        };
    }

    /** Recent is the last 180 days and up to a day ahead: clients guess the year by that bound. */
    private static void appendDate(StringBuilder out, long millis, long nowMillis) {
        CivilTime t = CivilTime.of(millis);
        out.append(MONTHS[t.month() - 1]).append(' ');
        if (t.day() < 10) {
            out.append(' ');
        }
        out.append(t.day()).append(' ');
        if (millis > nowMillis - 180 * DAY && millis <= nowMillis + DAY) {
            TimeVal.two(out, t.hour());
            out.append(':');
            TimeVal.two(out, t.minute());
        } else {
            out.append(' ').append(t.year());
        }
    }
}
