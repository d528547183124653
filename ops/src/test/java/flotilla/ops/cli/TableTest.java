package flotilla.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    @DisplayName("characters that turn text around or end lines are shown, not obeyed; pictures stay whole")
    void shown() {
        Table table = new Table("NAME", "X");
        table.row("a\u202eb", "1");
        table.row("c\u2028d😀", "\u001b[2J");
        StringWriter out = new StringWriter();
        table.print(new PrintWriter(out));
        assertEquals(
                "NAME        X\na\\u202eb    1\nc\\u2028d😀  \\u001b[2J\n",
                out.toString().replace(System.lineSeparator(), "\n"));
    }

    @Test
    @DisplayName("the last cell of a row is never cut: it says why a node is not ready")
    void last() {
        Table table = new Table("X", "Y");
        table.row("x".repeat(100), "y".repeat(100));
        StringWriter out = new StringWriter();
        table.print(new PrintWriter(out));
        assertEquals(
                "…" + "x".repeat(59) + "  " + "y".repeat(100),
                out.toString().lines().skip(1).findFirst().orElseThrow());
    }

    @Test
    @DisplayName("a cell that is too wide is not cut within a character")
    void cut() {
        Table table = new Table("X", "Y");
        table.row("y" + "😀".repeat(40), "z");
        StringWriter out = new StringWriter();
        table.print(new PrintWriter(out));
        assertEquals(
                false, out.toString().codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE));
    }
}
