package flotilla.ops.cli;

import flotilla.ops.log.LogText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows under a heading, with columns as wide as their cells. Characters that hide or move others never reach the
 * terminal.
 */
final class Table {
    private static final int WIDEST = 60;

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heading) {
        row(heading);
    }

    void row(String... cells) {
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            String clean = LogText.shown(cell);
            boolean isLast = row.size() == cells.length - 1; // no column follows it
            row.add(clean.isEmpty() ? "-" : clean.length() > WIDEST && !isLast ? "…" + end(clean) : clean);
        }
        rows.add(row);
    }

    /** Returns the end of a text that is too wide. It starts at a whole character. */
    private static String end(String text) {
        int from = text.length() - WIDEST + 1;
        return text.substring(Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from);
    }

    void print(PrintWriter out) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    /** Returns a number of bytes in the largest unit that leaves at least 1. */
    static String bytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(java.util.Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    }

    static String seconds(long seconds) {
        if (seconds < 120) {
            return seconds + "s";
        }
        return seconds < 7200 ? seconds / 60 + "m" : seconds / 3600 + "h" + seconds % 3600 / 60 + "m";
    }
}
