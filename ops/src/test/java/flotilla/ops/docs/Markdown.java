package flotilla.ops.docs;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes Markdown as the pages have it. */
final class Markdown {
    static final int COLUMNS = 120;

    private Markdown() {}

    /**
     * Returns a text in lines of at most {@link #COLUMNS}, each with a line end.
     *
     * @param first what the first line begins with; the others are indented as far
     */
    static String wrapped(String first, String text) {
        String indent = " ".repeat(first.length());
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder(first);
        String space = "";
        for (String word : text.split(" ")) {
            if (line.length() + space.length() + word.length() > COLUMNS) {
                lines.append(line).append('\n');
                line = new StringBuilder(indent);
                space = "";
            }
            line.append(space).append(word);
            space = " ";
        }
        return lines.append(line).append('\n').toString();
    }

    /** Returns a table with a line end after each row. */
    static String table(List<String> heading, List<List<String>> rows) {
        List<String> rule = heading.stream().map(column -> "---").toList();
        return row(heading) + "|" + String.join("|", rule) + "|\n"
                + rows.stream().map(Markdown::row).collect(Collectors.joining());
    }

    private static String row(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    static String code(String text) {
        return "`" + text + "`";
    }

    /** Returns paragraphs, tables and blocks of code with an empty line between two; empty ones are left out. */
    static String blocks(Stream<String> blocks) {
        return blocks.filter(block -> !block.isEmpty()).collect(Collectors.joining("\n"));
    }
}
