package flotilla.node.scan;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an ICAP response (RFC 3507, section 4.3).
 *
 * @param status its code
 * @param fields values by names in lower case; the lines of a field that came twice are joined by a comma
 */
record IcapHead(int status, Map<String, String> fields) {
    private static final int MAX_LINE = 8192;
    private static final int MAX_LINES = 128;
    private static final Pattern STATUS = Pattern.compile("ICAP/1\\.[0-9] ([1-5][0-9]{2})(?: .*)?");
    private static final Pattern FIELD = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):\\s*(.*?)\\s*");
    private static final Pattern THREAT = Pattern.compile("(?i)(?:.*;)?\\s*Threat=\\s*([^;]+).*");

    IcapHead {
        fields = Map.copyOf(fields);
    }

    /** Gives the next line without its end, as a {@link ScannerSocket} does. */
    interface Lines {
        String next(int most) throws IOException, ScanStopped;
    }

    /**
     * Reads a head up to its empty line.
     *
     * @throws ProtocolProblem when it is none, or too long
     */
    static IcapHead read(Lines lines) throws IOException, ScanStopped {
        Matcher first = STATUS.matcher(line(lines));
        if (!first.matches()) {
            throw new ProtocolProblem("the answer is not ICAP");
        }
        Map<String, String> fields = new TreeMap<>();
        String name = "";
        for (int count = 0; count < MAX_LINES; count++) {
            String line = line(lines);
            if (line.isEmpty()) {
                return new IcapHead(Integer.parseInt(first.group(1)), fields);
            }
            if (!name.isEmpty() && (line.startsWith(" ") || line.startsWith("\t"))) {
                fields.merge(name, line.strip(), (before, more) -> before + " " + more);
                continue;
            }
            Matcher field = FIELD.matcher(line);
            if (!field.matches()) {
                throw new ProtocolProblem("a line of the answer is no header field");
            }
            name = field.group(1).toLowerCase(Locale.ROOT);
            fields.merge(name, field.group(2), (before, more) -> before + ", " + more);
        }
        throw new ProtocolProblem("the answer has too many lines");
    }

    private static String line(Lines lines) throws IOException, ScanStopped {
        String line = lines.next(MAX_LINE);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    /** Returns the value of a field; empty when it is missing. */
    String field(String name) {
        return fields.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** Returns the bytes of a preview that the service wants; empty when it wants none. */
    OptionalInt preview(int most) {
        String text = field("Preview");
        return text.matches("[0-9]{1,9}")
                ? OptionalInt.of(Math.min(most, Integer.parseInt(text)))
                : OptionalInt.empty();
    }

    /**
     * Returns what was found, by {@code X-Infection-Found: Type=0; Resolution=2; Threat=NAME;}, {@code X-Virus-ID: NAME}
     * or {@code X-Violations-Found} (draft-stecher-icap-subid), whose lines give no name that can be relied on.
     */
    Optional<String> threat() {
        Matcher infection = THREAT.matcher(field("X-Infection-Found"));
        if (infection.matches()) {
            return Optional.of(infection.group(1));
        }
        if (!field("X-Virus-ID").isEmpty()) {
            return Optional.of(field("X-Virus-ID"));
        }
        return fields.containsKey("x-infection-found") || violates() ? Optional.of("unnamed") : Optional.empty();
    }

    private boolean violates() {
        return fields.containsKey("x-violations-found")
                && !field("X-Violations-Found").equals("0");
    }
}
