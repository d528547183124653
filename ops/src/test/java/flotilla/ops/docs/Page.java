package flotilla.ops.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page of the documentation, in Markdown.
 *
 * @param file path from the root of the repository, with {@code /}
 */
record Page(String file, List<Line> lines) {
    /** Tests run in the directory of their module. */
    static final Path ROOT = Path.of("..");

    private static final int CODE = 4;
    private static final int CODE_IN_LIST = 6;
    private static final Pattern ITEM = Pattern.compile("\\s*([-*]|\\d+\\.) .*");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");

    /** What a line is. */
    enum Kind {
        TEXT,
        TABLE,
        CODE
    }

    /** A line of a page. @param number from 1 */
    record Line(int number, String text, Kind kind) {}

    /** README.md, CONTRIBUTING.md and all of docs. */
    static List<Page> all() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
                            docs.filter(path -> path.toString().endsWith(".md")).sorted())
                    .map(Page::read)
                    .toList();
        }
    }

    static Page read(Path path) {
        try {
            return of(ROOT.relativize(path).toString().replace('\\', '/'), Files.readAllLines(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An indented line is code, unless it goes on with an item of a list. */
    static Page of(String file, List<String> texts) {
        List<Line> lines = new ArrayList<>();
        boolean fenced = false;
        boolean inList = false;
        boolean mayBegin = true;
        for (String text : texts) {
            boolean fence = text.stripLeading().startsWith("```");
            int indent = text.length() - text.stripLeading().length();
            boolean indented = mayBegin && indent >= (inList ? CODE_IN_LIST : CODE) && !text.isBlank();
            Kind kind = fenced || fence || indented
                    ? Kind.CODE
                    : text.stripLeading().startsWith("|") ? Kind.TABLE : Kind.TEXT;
            lines.add(new Line(lines.size() + 1, text, kind));
            fenced ^= fence;
            mayBegin = kind == Kind.CODE || text.isBlank();
            if (kind != Kind.CODE && !text.isBlank()) {
                inList = ITEM.matcher(text).matches() || inList && indent > 0;
            }
        }
        return new Page(file, List.copyOf(lines));
    }

    /** Where a line is, for messages. */
    String at(Line line) {
        return file + ":" + line.number() + ": ";
    }

    /** Lines of code; one that ends with a backslash has the next one as well. */
    List<Line> code() {
        List<Line> code = new ArrayList<>();
        boolean open = false;
        for (Line line : lines) {
            if (open) {
                Line begun = code.remove(code.size() - 1);
                String whole = begun.text().substring(0, begun.text().length() - 1)
                        + line.text().strip();
                code.add(new Line(begun.number(), whole, Kind.CODE));
            } else if (line.kind() == Kind.CODE) {
                code.add(line);
            }
            open = line.kind() == Kind.CODE && line.text().endsWith("\\");
        }
        return code;
    }

    /** Code within text and tables. */
    List<Line> spans() {
        List<Line> spans = new ArrayList<>();
        for (Line line : lines) {
            Matcher span = SPAN.matcher(line.kind() == Kind.CODE ? "" : line.text());
            while (span.find()) {
                spans.add(new Line(line.number(), span.group(1), Kind.CODE));
            }
        }
        return spans;
    }

    /** Targets of all links but those that lead to other servers. */
    List<String> links() {
        String text = lines.stream()
                .filter(line -> line.kind() != Kind.CODE)
                .map(Line::text)
                .collect(Collectors.joining("\n"));
        return LINK.matcher(SPAN.matcher(text).replaceAll("code"))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !target.matches("[a-z]+:.*"))
                .toList();
    }

    /** Names of headings in the manner of GitHub. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        for (Line line : lines) {
            if (line.kind() == Kind.TEXT && line.text().startsWith("#")) {
                anchors.add(line.text()
                        .replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'));
            }
        }
        return anchors;
    }

    /** The file that a link of this page leads to. */
    Path target(String link) {
        String path = link.replaceFirst("#.*", "");
        Path here = ROOT.resolve(file);
        return path.isEmpty() ? here : here.resolveSibling(path).normalize();
    }
}
