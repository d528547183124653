package flotilla.ops.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.docs.Page.Kind;
import flotilla.ops.docs.Page.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the pages say of other pages, of commands and of keys is so. */
class DocsLinksTest {
    private static final Path CONTENTS = Page.ROOT.resolve("docs").resolve("README.md");

    private static List<Page> pages = List.of();

    @BeforeAll
    static void read() throws IOException {
        pages = Page.all();
    }

    @Test
    @DisplayName("every relative link leads to a file, and its anchor to a heading")
    void links() {
        List<String> broken = new ArrayList<>();
        for (Page page : pages) {
            for (String link : page.links()) {
                Path target = page.target(link);
                String anchor = link.contains("#") ? link.substring(link.indexOf('#') + 1) : "";
                if (!Files.exists(target)
                        || !anchor.isEmpty() && !Page.read(target).anchors().contains(anchor)) {
                    broken.add(page.file() + ": " + link);
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    @Test
    @DisplayName("every page is reached from the table of contents")
    void reachable() {
        Map<Path, Page> byPath = new TreeMap<>();
        pages.forEach(page -> byPath.put(Page.ROOT.resolve(page.file()).normalize(), page));
        Set<Path> seen = new HashSet<>(Set.of(CONTENTS.normalize()));
        Deque<Path> next = new ArrayDeque<>(seen);
        while (!next.isEmpty()) {
            Page page = byPath.get(next.remove());
            for (String link : page == null ? List.<String>of() : page.links()) {
                Path target = page.target(link).normalize();
                if (seen.add(target)) {
                    next.add(target);
                }
            }
        }
        assertEquals(
                List.of(),
                byPath.keySet().stream()
                        .filter(path -> path.startsWith(CONTENTS.getParent().normalize()) && !seen.contains(path))
                        .toList());
    }

    @Test
    @DisplayName("no line of text is longer than 120 columns; tables and code may be")
    void columns() {
        List<String> tooLong = new ArrayList<>();
        for (Page page : pages) {
            for (Line line : page.lines()) {
                if (line.kind() == Kind.TEXT
                        && line.text().codePointCount(0, line.text().length()) > Markdown.COLUMNS) {
                    tooLong.add(page.at(line) + line.text());
                }
            }
        }
        assertEquals(List.of(), tooLong);
    }

    @Test
    @DisplayName("every command that a page shows is known, with its options")
    void commands() {
        CommandsInDocs commands = new CommandsInDocs();
        List<String> wrong = new ArrayList<>();
        for (Page page : pages) {
            Stream.concat(page.code().stream(), page.spans().stream()).forEach(line -> commands.problem(line.text())
                    .ifPresent(problem -> wrong.add(page.at(line) + problem)));
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    @DisplayName("every configuration key that a page names is known")
    void keys() {
        KeysInDocs keys = new KeysInDocs();
        List<String> wrong = new ArrayList<>();
        for (Page page : pages) {
            for (Line line : page.lines()) {
                keys.unknown(line.text()).forEach(key -> wrong.add(page.at(line) + key));
            }
            for (Line span : page.spans()) {
                keys.unknownShort(span.text()).forEach(key -> wrong.add(page.at(span) + key));
            }
            for (String example : examples(page)) {
                keys.unknownIn(example).forEach(key -> wrong.add(page.file() + ": " + key));
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** Configuration files within a page: each from the line that opens {@code flotilla} to the brace below it. */
    private static List<String> examples(Page page) {
        List<String> examples = new ArrayList<>();
        StringBuilder example = new StringBuilder();
        String end = "";
        for (Line line : page.lines()) {
            if (line.text().strip().equals("flotilla {")) {
                end = line.text().replace("flotilla {", "}");
            }
            if (!end.isEmpty()) {
                example.append(line.text()).append('\n');
            }
            if (line.text().equals(end) && !end.isEmpty()) {
                examples.add(example.toString());
                example.setLength(0);
                end = "";
            }
        }
        return examples;
    }

    @Test
    @DisplayName("the checks find what is wrong")
    void checks() {
        CommandsInDocs commands = new CommandsInDocs();
        assertEquals(
                "flotilla user add has no option --pasword",
                commands.problem("echo x | flotilla user add alice --pasword").orElse(""));
        assertEquals(
                "flotilla has no command sesions",
                commands.problem("flotilla sesions").orElse(""));
        assertTrue(
                commands.problem("flotilla kick ID --reason \"a --b\" && x --y").isEmpty());
        KeysInDocs keys = new KeysInDocs();
        assertEquals(List.of("flotilla.limits.lines"), keys.unknown("set flotilla.limits.lines = 3"));
        assertEquals(List.of("limits.lines"), keys.unknownShort("limits.lines = 3"));
        assertEquals(List.of(), keys.unknownShort("storage.local"));
        assertEquals(List.of("flotilla.tls.cert"), keys.unknownIn("flotilla { tls.cert = x }"));
        Page page =
                Page.of("docs/x.md", List.of("1. A [link](y.md#z):", "", "       [no](link.md)", "", "## An `anchor`"));
        assertEquals(List.of("y.md#z"), page.links());
        assertEquals(Set.of("an-anchor"), page.anchors());
    }
}
