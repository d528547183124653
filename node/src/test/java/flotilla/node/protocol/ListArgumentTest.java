package flotilla.node.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListArgumentTest {
    private static String honoured(ListArgument argument) {
        return (argument.hidden() ? "a" : "")
                + (argument.byTime() ? "t" : "")
                + (argument.bySize() ? "S" : "")
                + (argument.reversed() ? "r" : "")
                + (argument.directoryItself() ? "d" : "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "'||'",
                "-a|a|'",
                "-A|a|'",
                "-la|a|'",
                "-l -a|a|'",
                "-1ltRrSdFhngoC|tSrd|'",
                "-a dir|a|dir",
                "-l a b  c |'|a b  c ",
                "dir -a|'|dir -a",
                "-|'|-",
                "--|'|--",
                "- a|'|- a",
                "-a -|a|-",
                "-2|'|-2",
                "-a.b|'|-a.b",
                "-a -x.y|a|-x.y",
                "-l  x|'| x",
                "\"a b\"|'|\"a b\"",
                "~|'|~",
                "-z|'|'"
            })
    void flagsStandBeforeOnePath(String argument, String flags, String path) {
        ListArgument parsed = ListArgument.parse(argument.replace("'", ""));
        assertEquals(flags.replace("'", ""), honoured(parsed));
        assertEquals(path.replace("'", ""), parsed.path());
    }

    @Test
    void aLiteralPathHasNoFlags() {
        ListArgument literal = ListArgument.literal("-foo bar");
        assertEquals("", honoured(literal));
        assertEquals("-foo bar", literal.path());
    }
}
