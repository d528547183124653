package flotilla.node.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.Entry;
import flotilla.storage.Entry.Type;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListLineTest {
    private static final long NOW = Instant.parse("2026-02-10T12:00:00Z").toEpochMilli();
    private static final long DAY = 86_400_000L;

    /** The pattern of UnixFTPEntryParser in commons-net, without its exotic columns. */
    private static final Pattern CLIENT =
            Pattern.compile("([-d])((?:[r-][w-][x-]){3})\\s+(\\d+)\\s+(\\S+)\\s+(\\S+)\\s+(\\d+)\\s+"
                    + "(([A-Z][a-z]{2}) ([ \\d]\\d)) (\\d\\d:\\d\\d| \\d{4}) (.*)\r\n");

    private static String line(Entry entry) {
        StringBuilder out = new StringBuilder();
        ListLine.append(out, entry, ZoneOffset.UTC, NOW);
        return out.toString();
    }

    private static Entry file(String name, long size, long modified) {
        return new Entry(name, Type.FILE, size, modified, 0644, "1");
    }

    private static Matcher parsed(Entry entry) {
        Matcher matcher = CLIENT.matcher(line(entry));
        assertTrue(matcher.matches(), () -> "not understood: " + line(entry));
        return matcher;
    }

    @Test
    void aLineLooksLikeThatOfLs() {
        assertEquals(
                "-rw-r--r--   1 ftp      ftp              1234 Feb  9 20:06 report.txt\r\n",
                line(file(
                        "report.txt",
                        1234,
                        Instant.parse("2026-02-09T20:06:59Z").toEpochMilli())));
        Entry directory = new Entry("d", Type.DIRECTORY, 0, 0, 0751, "2");
        assertEquals("drwxr-x--x   1 ftp      ftp                 0 Jan  1  1970 d\r\n", line(directory));
    }

    @Test
    void whatIsNeitherFileNorDirectoryDoesNotLookLikeAFile() {
        String letters = Arrays.stream(Type.values())
                .map(type -> line(new Entry("x", type, 0, 0, 0, "3")).substring(0, 1))
                .collect(Collectors.joining());
        assertEquals("-dlpscb?", letters);
    }

    @Test
    void sizesHaveNoLimit() {
        for (long size : List.of(0L, 4L << 30, 5_000_000_000_000L, Long.MAX_VALUE)) {
            assertEquals(Long.toString(size), parsed(file("x", size, NOW)).group(6));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, true",
        "-15551999999, true", // a millisecond less than 180 days
        "-15552000000, false",
        "86400000, true",
        "86400001, false",
        "-315360000000, false"
    })
    void theTimeOfDayIsShownForTheLast180DaysAndOneAhead(long difference, boolean recent) {
        assertEquals(recent, parsed(file("x", 1, NOW + difference)).group(10).contains(":"));
    }

    @Test
    @DisplayName("A-FS-29 on New Year's Day yesterday's file shows its time of day")
    void theYearBoundary() {
        StringBuilder out = new StringBuilder();
        long newYear = Instant.parse("2026-01-01T12:00:00Z").toEpochMilli();
        ListLine.append(
                out, file("x", 1, Instant.parse("2025-12-31T20:06:59Z").toEpochMilli()), ZoneOffset.UTC, newYear);
        assertTrue(out.toString().contains(" Dec 31 20:06 x"), out::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T23:30:00Z, UTC, Jan 31 23:30",
        "2026-01-31T23:30:00Z, Europe/Berlin, Feb  1 00:30",
        "2026-01-31T23:30:00Z, America/New_York, Jan 31 18:30",
        "2025-09-30T22:30:00Z, Europe/Berlin, Oct  1 00:30",
        "2024-12-31T23:30:00Z, Europe/Berlin, Jan  1  2025",
        "1969-12-31T23:30:00Z, America/New_York, Dec 31  1969"
    })
    void aTimeIsShownInTheZone(Instant modified, ZoneId zone, String shown) {
        StringBuilder out = new StringBuilder();
        ListLine.append(out, file("x", 1, modified.toEpochMilli()), zone, NOW);
        assertTrue(out.toString().contains(" " + shown + " x"), out::toString);
    }

    /** A client adds the year that puts the time a day into its future at most. */
    @Test
    void aClientGuessesTheYearOfRecentFilesRightAcrossTheYearBoundary() {
        Random random = new Random(6);
        for (int i = 0; i < 20_000; i++) {
            long modified = NOW - 400 * DAY + (long) (random.nextDouble() * 402 * DAY);
            Matcher matcher = parsed(file("x", 1, modified));
            CivilTime time = CivilTime.of(modified);
            assertEquals(time.day(), Integer.parseInt(matcher.group(9).trim()));
            if (matcher.group(10).contains(":")) {
                int year = CivilTime.of(NOW).year();
                boolean future = time.month() > 2 || time.month() == 2 && time.day() > 11;
                assertEquals(time.year(), future ? year - 1 : year);
            } else {
                assertEquals(time.year(), Integer.parseInt(matcher.group(10).trim()));
            }
        }
    }

    @Test
    void namesKeepTheirSpacesAndLoseControlCharacters() {
        assertEquals("  a  b ", parsed(file("  a  b ", 1, NOW)).group(11));
        assertEquals("a?b?c", parsed(file("a\nb\u001bc", 1, NOW)).group(11));
        assertEquals("Größe", parsed(file("Größe", 1, NOW)).group(11));
    }
}
