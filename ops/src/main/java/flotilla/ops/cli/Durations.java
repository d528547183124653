package flotilla.ops.cli;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations from a command line. */
final class Durations {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,9}) *(s|m|h|d)");
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @param option name for the message
     * @throws IllegalStateException when the text is wrong; the message states the expected form
     */
    static Duration parse(String option, String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalStateException(option + " must be a number and s, m, h or d, such as 15m: " + text);
        }
        return Duration.of(Long.parseLong(parts.group(1)), Objects.requireNonNull(UNITS.get(parts.group(2))));
    }
}
