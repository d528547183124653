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
    @DisplayName("a cell that is too wide is not cut within a character")
    void cut() {
        Table table = new Table("X");
        table.row("y" + "😀".repeat(40));
        StringWriter out = new StringWriter();
        table.print(new PrintWriter(out));
        assertEquals(
                false, out.toString().codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE));
    }
}
