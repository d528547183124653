package flotilla.ops.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes docs/reference/acceptance.md from the names of tests. The name of a test of the protocol begins with the ids of
 * what it shows, such as {@code A-TLS-18}.
 */
final class AcceptancePage {
    private static final Pattern NAME = Pattern.compile(
            "\"((?:A-[A-Z]+-\\d+,? )+)((?:[^\"\\\\]|\\\\.)*)\"((?:\\s*\\+\\s*\"(?:[^\"\\\\]|\\\\.)*\")*)");
    private static final Pattern ID = Pattern.compile("A-([A-Z]+)-(\\d+)");
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern PLACE = Pattern.compile("\\{\\d}");

    private static final Comparator<String> BY_NUMBER =
            Comparator.comparing(AcceptancePage::area).thenComparingInt(AcceptancePage::number);

    private static final Map<String, String> AREAS = new TreeMap<>(Map.of(
            "CTL", "Control connection and login",
            "TLS", "TLS",
            "DATA", "Data connections",
            "XFER", "Transfers",
            "FS", "Files and listings",
            "SEC", "Attacks"));

    private static final String HEAD = """
            # Acceptance

            *Read this if you want to know what is tested with a real server and real clients.*

            Generated from the names of tests; do not edit. To write it anew:
            [CONTRIBUTING](../../CONTRIBUTING.md#write-the-reference-pages-again).

            An id stays with its demand. Tests name the ids that they show.
            """;

    private AcceptancePage() {}

    /** Returns the page for the tests below {@code root}, the directory of all modules. */
    static String text(Path root) throws IOException {
        Map<String, TreeSet<String>> rows = new TreeMap<>(BY_NUMBER);
        for (String module : List.of("storage", "cluster", "node", "ops")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/test/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(file -> read(file, rows));
            }
        }
        StringBuilder page = new StringBuilder(HEAD);
        String area = "";
        for (Map.Entry<String, TreeSet<String>> row : rows.entrySet()) {
            if (!area(row.getKey()).equals(area)) {
                area = area(row.getKey());
                page.append("\n## ")
                        .append(AREAS.getOrDefault(area, area))
                        .append("\n\n| id | shown by |\n|---|---|\n");
            }
            page.append("| ").append(row.getKey()).append(" | ");
            page.append(String.join("<br>", row.getValue())).append(" |\n");
        }
        return page.toString();
    }

    private static void read(Path file, Map<String, TreeSet<String>> rows) {
        Matcher names = NAME.matcher(content(file));
        while (names.find()) {
            String told =
                    JOINT.matcher('"' + names.group(2) + '"' + names.group(3)).replaceAll("");
            String shown = told.substring(1, told.length() - 1).replace("\\\"", "\"");
            String test = file.getFileName().toString().replace(".java", "");
            Matcher ids = ID.matcher(names.group(1));
            while (ids.find()) {
                rows.computeIfAbsent(ids.group(), id -> new TreeSet<>())
                        .add(escaped(PLACE.matcher(shown).replaceAll("…")) + " (`" + test + "`)");
            }
        }
    }

    private static String escaped(String text) {
        return text.replace("\\\\", "\\")
                .replace("|", "\\|")
                .replace("<", "&lt;")
                .replace("*", "\\*");
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String area(String id) {
        Matcher matcher = ID.matcher(id);
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
    }
}
