package flotilla.ops.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes docs/reference/guide-rows.md from a list of rows. Each names what the guide tells, what does it here, perhaps
 * what is missing, and the tests that show it.
 */
final class GuideRowsPage {
    static final int ROWS = 66;
    private static final Set<String> PARTS = Set.of("what", "how", "missing", "shown");
    private static final String CHECK = "verify-cluster ";
    private static final Pattern REGISTERED = Pattern.compile("^@check\\(\"([a-z-]+)\"", Pattern.MULTILINE);
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

    private static final String HEAD = """
            # A guide's rows

            *Read this if you know a guide to FTPS with vsftpd, lftp and curl, and ask what shows that its things work here.*

            Generated from `ops/src/test/resources/guide-rows.txt`; do not edit. To write it anew:
            [CONTRIBUTING](../../CONTRIBUTING.md#write-the-reference-pages-again). The same as a walk:
            [a guide to FTPS](../guide.md), whose commands are run by `verify-cluster package`.

            """;

    private final Map<String, List<String>> classes = new LinkedHashMap<>();
    private final Set<String> checks = new TreeSet<>();

    /** Reads the tests below {@code root}, the directory of all modules. */
    GuideRowsPage(Path root) throws IOException {
        for (String module : List.of("storage", "cluster", "node", "ops")) {
            for (Path file : files(root.resolve(module).resolve("src/test/java"), ".java")) {
                String name = file.getFileName().toString().replace(".java", "");
                classes.computeIfAbsent(name, none -> new ArrayList<>()).add(Files.readString(file));
            }
        }
        for (Path file : files(root.resolve("ops/harness/fleet/checks"), ".py")) {
            REGISTERED.matcher(Files.readString(file)).results().forEach(found -> checks.add(found.group(1)));
        }
    }

    private static List<Path> files(Path directory, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(ending)).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Returns the page.
     *
     * @param rows blocks with an empty line between them: a number, then lines {@code PART: TEXT}; a line that begins
     *     with a space goes on with the one before
     * @throws IllegalStateException when a row is missing, lacks a part, or names a test that is not there
     */
    String text(String rows) {
        StringBuilder page = new StringBuilder(HEAD);
        page.append("| row | what | how | shown by |\n|---|---|---|---|\n");
        int number = 0;
        for (String block : rows.replaceAll("(?m)^#.*\n", "").strip().split("\n{2,}")) {
            number++;
            List<String> lines = List.of(block.replaceAll("\n +", " ").split("\n"));
            if (!lines.get(0).equals(String.valueOf(number))) {
                throw new IllegalStateException("row " + number + " is expected before " + lines.get(0));
            }
            page.append(row(number, parts(number, lines.subList(1, lines.size()))));
        }
        if (number != ROWS) {
            throw new IllegalStateException(number + " rows, and not " + ROWS);
        }
        return page.toString();
    }

    private static Map<String, String> parts(int number, List<String> lines) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(": ");
            if (colon < 0 || !PARTS.contains(line.substring(0, colon))) {
                throw new IllegalStateException("row " + number + ": " + line);
            }
            parts.put(line.substring(0, colon), line.substring(colon + 2).strip());
        }
        for (String part : List.of("what", "how", "shown")) {
            if (parts.getOrDefault(part, "").isEmpty()) {
                throw new IllegalStateException("row " + number + " lacks " + part);
            }
        }
        return parts;
    }

    private String row(int number, Map<String, String> parts) {
        List<String> shown = new ArrayList<>();
        for (String test : parts.get("shown").split(", ")) {
            try {
                shown.add(test.startsWith(CHECK) ? check(test) : method(test));
            } catch (IllegalStateException e) {
                throw new IllegalStateException("row " + number + ": " + e.getMessage(), e);
            }
        }
        String missing = parts.containsKey("missing") ? " **Partly**: " + parts.get("missing") : "";
        return "| " + number + " | " + parts.get("what") + " | " + parts.get("how") + missing + " | "
                + String.join("<br>", shown) + " |\n";
    }

    private String check(String test) {
        if (!checks.contains(test.substring(CHECK.length()))) {
            throw new IllegalStateException("there is no check " + test);
        }
        return "`" + test + "`";
    }

    /** Returns what a test {@code Class.method} says of itself, else its name. */
    private String method(String test) {
        int dot = test.indexOf('.');
        String name = test.substring(dot + 1);
        for (String text : classes.getOrDefault(dot < 0 ? test : test.substring(0, dot), List.of())) {
            Matcher method =
                    Pattern.compile("\\bvoid " + Pattern.quote(name) + "\\(").matcher(text);
            if (method.find()) {
                String before = text.substring(0, method.start());
                int begin = Math.max(before.lastIndexOf("@Test"), before.lastIndexOf("@ParameterizedTest"));
                if (begin >= 0 && begin > before.lastIndexOf("\n    }\n")) {
                    return told(before.substring(begin), test, name);
                }
            }
        }
        throw new IllegalStateException("there is no test " + test);
    }

    private static String told(String annotations, String test, String name) {
        Matcher title = Pattern.compile("(?:@DisplayName\\(|name =)\\s*(\"(?:[^\"\\\\]|\\\\.|\"\\s*\\+\\s*\")*\")")
                .matcher(annotations);
        String words = title.find()
                ? JOINT.matcher(title.group(1)).replaceAll("").replaceAll("^\"|\"$", "")
                : name.replaceAll("([A-Z])", " $1").toLowerCase(java.util.Locale.ROOT);
        String plain = words.replaceAll("A-[A-Z]+-\\d+ |A-CLI ", "").replaceAll("\\{\\d}", "…");
        String cell = plain.replace("\\\"", "\"")
                .replace("|", "\\|")
                .replace("<", "&lt;")
                .replace("*", "\\*");
        return cell + " (`" + test.substring(0, test.indexOf('.')) + "`)";
    }
}
