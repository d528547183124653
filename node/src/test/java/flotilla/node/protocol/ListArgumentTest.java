package flotilla.node.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ListArgumentTest {
    private static String honoured(ListArgument argument) {
        return (argument.selfAndParent() ? "a" : argument.hidden() ? "A" : "")
                + (argument.byTime() ? "t" : "")
                + (argument.bySize() ? "S" : "")
                + (argument.reversed() ? "r" : "")
                + (argument.directoryItself() ? "d" : "")
                + (argument.recursive() ? "R" : "");
    }

    private record Row(String argument, String flags, String path) {}

    static Row[] rows() {
        return new Row[] {
            new Row("", "", ""),
            new Row("-a", "a", ""),
            new Row("-A", "A", ""),
            new Row("-Aa", "a", ""),
            new Row("-la", "a", ""),
            new Row("-l -a", "a", ""),
            new Row("-1ltRrSdFhngoC", "tSrdR", ""),
            new Row("-a dir", "a", "dir"),
            new Row("-l a b  c ", "", "a b  c "),
            new Row("dir -a", "", "dir -a"),
            new Row("-", "", "-"),
            new Row("--", "", "--"),
            new Row("- a", "", "- a"),
            new Row("-a -", "a", "-"),
            new Row("-2", "", "-2"),
            new Row("-a.b", "", "-a.b"),
            new Row("-a -x.y", "a", "-x.y"),
            new Row("-l  x", "", " x"),
            new Row("\"a b\"", "", "\"a b\""),
            new Row("~", "", "~"),
            new Row("-z", "", "")
        };
    }

    @ParameterizedTest
    @MethodSource("rows")
    void flagsStandBeforeOnePath(Row row) {
        ListArgument parsed = ListArgument.parse(row.argument());
        assertEquals(row.flags(), honoured(parsed));
        assertEquals(row.path(), parsed.path());
    }

    @Test
    void aLiteralPathHasNoFlags() {
        ListArgument literal = ListArgument.literal("-foo bar");
        assertEquals("", honoured(literal));
        assertEquals("-foo bar", literal.path());
    }
}
