package flotilla.node.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;

/**
 * Reads and writes times in the form of RFC 3659, section 2.3: {@code YYYYMMDDHHMMSS} in UTC, with or without a
 * fraction.
 */
public final class TimeVal {
    private static final int DIGITS = 14;
    private static final int MIN_YEAR = 1000;
    private static final int MAX_YEAR = 9999;

    private TimeVal() {}

    /**
     * The fourteen digits of a time.
     *
     * @param millis milliseconds since 1970
     */
    public static String format(long millis) {
        StringBuilder out = new StringBuilder(DIGITS);
        append(out, millis);
        return out.toString();
    }

    static void append(StringBuilder out, long millis) {
        CivilTime t = CivilTime.of(millis);
        int year = Math.min(Math.max(t.year(), 0), MAX_YEAR);
        two(out, year / 100);
        two(out, year % 100);
        two(out, t.month());
        two(out, t.day());
        two(out, t.hour());
        two(out, t.minute());
        two(out, t.second());
    }

    static void two(StringBuilder out, int number) {
        out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /**
     * Reads a time from the year 1000 on, in milliseconds since 1970; empty for any other text. A leap second
     * (23:59:60) becomes the last millisecond before it.
     */
    public static OptionalLong parse(String text) {
        if (text.length() < DIGITS || !digits(text, 0, DIGITS)) {
            return OptionalLong.empty();
        }
        int millis = 0;
        if (text.length() > DIGITS) {
            if (text.charAt(DIGITS) != '.'
                    || text.length() == DIGITS + 1
                    || text.length() > DIGITS + 10
                    || !digits(text, DIGITS + 1, text.length())) {
                return OptionalLong.empty();
            }
            millis = Integer.parseInt((text.substring(DIGITS + 1) + "00").substring(0, 3));
        }
        return instant(text, millis);
    }

    private static OptionalLong instant(String text, int millis) {
        int second = field(text, 12, 14);
        boolean leap = text.startsWith("235960", 8);
        if (field(text, 0, 4) < MIN_YEAR) {
            return OptionalLong.empty();
        }
        try {
            Instant time = LocalDateTime.of(
                            field(text, 0, 4),
                            field(text, 4, 6),
                            field(text, 6, 8),
                            field(text, 8, 10),
                            field(text, 10, 12),
                            leap ? 59 : second)
                    .toInstant(ZoneOffset.UTC);
            return OptionalLong.of(time.toEpochMilli() + (leap ? 999 : millis));
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    private static int field(String text, int from, int to) {
        return Integer.parseInt(text.substring(from, to));
    }

    private static boolean digits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
