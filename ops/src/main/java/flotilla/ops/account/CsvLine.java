package flotilla.ops.account;

import java.util.ArrayList;
import java.util.List;

/** One line of comma-separated values (RFC 4180). A value holds no line break. */
final class CsvLine {
    private CsvLine() {}

    /** Returns the line for values, with quotes where they are needed. */
    static String write(List<String> values) {
        StringBuilder line = new StringBuilder();
        for (String value : values) {
            line.append(line.isEmpty() ? "" : ",").append(quoted(value));
        }
        return line.toString();
    }

    private static String quoted(String value) {
        boolean isPlain = !value.isEmpty() && value.chars().noneMatch(c -> c == ',' || c == '"' || c <= ' ');
        return isPlain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    /**
     * Returns the values of a line.
     *
     * @throws IllegalArgumentException when a quote is not closed, or text follows one
     */
    static List<String> read(String line) {
        List<String> values = new ArrayList<>();
        int at = 0;
        while (at <= line.length()) {
            StringBuilder value = new StringBuilder();
            at = at < line.length() && line.charAt(at) == '"' ? quoted(line, at + 1, value) : plain(line, at, value);
            values.add(value.toString());
        }
        return values;
    }

    /** Reads until a comma. Returns the place after it. */
    private static int plain(String line, int from, StringBuilder value) {
        int comma = line.indexOf(',', from);
        int end = comma < 0 ? line.length() : comma;
        value.append(line, from, end);
        return end + 1;
    }

    /** Reads until the closing quote. Returns the place after the comma that follows. */
    private static int quoted(String line, int from, StringBuilder value) {
        int quote = line.indexOf('"', from);
        int begin = from;
        while (quote >= 0 && quote + 1 < line.length() && line.charAt(quote + 1) == '"') {
            value.append(line, begin, quote + 1);
            begin = quote + 2;
            quote = line.indexOf('"', begin);
        }
        if (quote < 0) {
            throw new IllegalArgumentException("a quote is not closed");
        }
        value.append(line, begin, quote);
        if (quote + 1 < line.length() && line.charAt(quote + 1) != ',') {
            throw new IllegalArgumentException("a comma must follow a closing quote");
        }
        return quote + 2;
    }
}
