package flotilla.node.protocol;

import flotilla.storage.Entry;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A line of LIST in the form of {@code ls -l}, which the parsers of all clients read. */
public final class ListLine {
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final long DAY = 86_400_000L;
    private static final String OWNER = "ftp      ftp      ";

    private ListLine() {}

    /**
     * Appends the line with CRLF.
     *
     * @param zone the time zone of the shown time
     * @param nowMillis the present time in milliseconds since 1970; decides between time of day and year
     */
    public static void append(StringBuilder out, Entry entry, ZoneId zone, long nowMillis) {
        out.append(letter(entry.type()));
        for (int bit = 8; bit >= 0; bit--) {
            out.append((entry.mode() >> bit & 1) == 1 ? "xwr".charAt(bit % 3) : '-');
        }
        out.append("   1 ").append(OWNER);
        String size = Long.toString(entry.size());
        out.append(" ".repeat(Math.max(0, 12 - size.length()))).append(size).append(' ');
        appendDate(out, entry.modifiedMillis(), zone, nowMillis);
        out.append(' ');
        Names.appendPrintable(out, entry.name());
        out.append("\r\n");
    }

    /** The letter that {@code ls} shows for the type. */
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

    private static long offsetMillis(ZoneId zone, long millis) {
        return zone.equals(ZoneOffset.UTC)
                ? 0
                : 1000L
                        * zone.getRules()
                                .getOffset(Instant.ofEpochMilli(millis))
                                .getTotalSeconds();
    }

    /**
     * Appends a recent time with its time of day: up to 180 days old or a day ahead. Clients guess the year by that
     * limit.
     */
    private static void appendDate(StringBuilder out, long millis, ZoneId zone, long nowMillis) {
        CivilTime t = CivilTime.of(millis + offsetMillis(zone, millis));
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
