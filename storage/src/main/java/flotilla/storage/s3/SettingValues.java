package flotilla.storage.s3;

import flotilla.storage.StoreSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the values of a store's keys. Each failure names the key; it names the value too, which is never a secret. */
record SettingValues(StoreSettings settings) {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})\\s*([kmgKMG]?)(?:i?[bB])?");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m)?");

    String text(String key, String otherwise) {
        return settings.find(key).map(String::strip).orElse(otherwise);
    }

    /** Returns one of {@code allowed}. */
    String choice(String key, String otherwise, List<String> allowed) {
        String value = text(key, otherwise);
        if (!allowed.contains(value)) {
            throw wrong(key, "one of " + String.join(", ", allowed), value);
        }
        return value;
    }

    boolean flag(String key, boolean otherwise) {
        return switch (text(key, String.valueOf(otherwise))) {
            case "true", "on", "yes" -> true;
            case "false", "off", "no" -> false;
            default -> throw wrong(key, "true or false", text(key, ""));
        };
    }

    int number(String key, int otherwise, int least, int most) {
        String value = text(key, String.valueOf(otherwise));
        if (!value.matches("[0-9]{1,9}") || Integer.parseInt(value) < least || Integer.parseInt(value) > most) {
            throw wrong(key, "a number from " + least + " to " + most, value);
        }
        return Integer.parseInt(value);
    }

    /** Returns POSIX permission bits. */
    int mode(String key, String otherwise) {
        String value = text(key, otherwise);
        if (!value.matches("0?[0-7]{3}")) {
            throw wrong(key, "octal, such as " + otherwise, value);
        }
        return Integer.parseInt(value, 8);
    }

    /** Returns bytes; the value may have the unit k, m or g, each 1024 times the one before. */
    long size(String key, long otherwise, long least, long most) {
        String value = text(key, String.valueOf(otherwise));
        Matcher parts = SIZE.matcher(value);
        if (!parts.matches()) {
            throw wrong(key, "a size, such as 8m", value);
        }
        int shift =
                switch (parts.group(2).toLowerCase(Locale.ROOT)) {
                    case "k" -> 10;
                    case "m" -> 20;
                    case "g" -> 30;
                    default -> 0;
                };
        long bytes = Long.parseLong(parts.group(1)) << shift;
        if (bytes < least || bytes > most) {
            throw wrong(key, "between " + (least >> 10) + "k and " + (most >> 20) + "m", value);
        }
        return bytes;
    }

    /** Returns a time of at least a tenth of a second; a number without a unit counts milliseconds. */
    Duration time(String key, Duration otherwise, Duration most) {
        String value = text(key, otherwise.toMillis() + "ms");
        Matcher parts = TIME.matcher(value);
        if (!parts.matches()) {
            throw wrong(key, "a time, such as 30s", value);
        }
        long amount = Long.parseLong(parts.group(1));
        String unit = parts.group(2) == null ? "ms" : parts.group(2);
        Duration time =
                switch (unit) {
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    default -> Duration.ofMillis(amount);
                };
        if (time.toMillis() < 100 || time.compareTo(most) > 0) {
            throw wrong(key, "between 100ms and " + most.toSeconds() + "s", value);
        }
        return time;
    }

    static IllegalArgumentException wrong(String key, String expected, String value) {
        return new IllegalArgumentException(key + " must be " + expected + ", not " + value);
    }
}
