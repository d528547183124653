package flotilla.ops.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;

/** Prints findings for people, one line each, of at most 120 columns. A longer text goes on below itself. */
public final class ReportText implements Consumer<Finding> {
    private static final int COLUMNS = 120;
    private static final int INDENT = 22;

    private final PrintWriter out;
    private String section = "";

    /** Prints to {@code out}, each finding at once. */
    public ReportText(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void accept(Finding finding) {
        if (!finding.section().equals(section)) {
            out.println((section.isEmpty() ? "" : System.lineSeparator()) + finding.section());
            section = finding.section();
        }
        String start =
                String.format(Locale.ROOT, "  %-4s  %-13s ", finding.level().word(), finding.what());
        StringBuilder line = new StringBuilder(start);
        boolean isFirst = true;
        for (String word : (finding.text() + " " + finding.remedy()).strip().split(" +")) {
            for (String part = word; !part.isEmpty(); ) {
                if (!isFirst && line.length() + 1 + part.length() > COLUMNS) {
                    out.println(line);
                    line = new StringBuilder(" ".repeat(INDENT));
                    isFirst = true;
                }
                int room = Math.min(part.length(), COLUMNS - line.length() - 1);
                line.append(isFirst ? "" : " ").append(part, 0, room);
                part = part.substring(room);
                isFirst = false;
            }
        }
        out.println(line);
        out.flush();
    }

    /** Prints the last line: how many findings of each level there were. */
    public static void summary(Report report, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%n%d ok, %d warn, %d FAIL%n",
                count(report, Level.OK),
                count(report, Level.WARN),
                count(report, Level.FAIL));
    }

    private static long count(Report report, Level level) {
        return report.findings().stream()
                .filter(finding -> finding.level() == level)
                .count();
    }

    /** Returns the report as JSON: {@code failed}, and {@code findings} with the fields of {@link Finding}. */
    public static String json(Report report) {
        ObjectNode all = new ObjectMapper().createObjectNode();
        all.put("failed", report.hasFailed());
        ArrayNode array = all.putArray("findings");
        report.findings().forEach(finding -> array.addObject()
                .put("section", finding.section())
                .put("level", finding.level().word())
                .put("what", finding.what())
                .put("text", finding.text())
                .put("remedy", finding.remedy()));
        return all.toPrettyString();
    }
}
