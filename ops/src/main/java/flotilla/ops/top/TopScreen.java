package flotilla.ops.top;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.log.LogText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lays the screen out: lines of text, each as wide as the terminal at most. Nothing of a client reaches it unescaped.
 */
final class TopScreen {
    /** Lines that are not sessions. */
    static final int FRAME = 6;

    private static final int BAR = 10;
    private static final int SHORT = 10;
    private static final int USER = 12;
    private static final int ADDRESS = 15;
    private static final int DOES = 9;
    private static final int RATE = 12;
    private static final int PERCENT = 100;

    private TopScreen() {}

    /**
     * Returns the lines.
     *
     * @param selected index of the selected session
     * @param bottom what the last line says: the keys, a question, or the result of an order
     */
    static List<String> lines(TopData data, TopQuery query, int selected, String bottom, int width, int height) {
        List<String> lines = new ArrayList<>();
        lines.add(cut(head(data), width));
        lines.add(cut(nodes(data), width));
        lines.add(cut(causes(data), width));
        lines.add(cut(order(data, query), width));
        lines.add(cut(
                "  " + pad("SESSION", SHORT) + pad("USER", USER) + pad("ADDRESS", ADDRESS) + pad("DOES", DOES)
                        + pad("PROGRESS", BAR + 7) + "RATE      WHERE",
                width));
        int rows = height - FRAME;
        for (int i = 0; i < rows; i++) {
            lines.add(i < data.sessions().size() ? cut(row(data.sessions().get(i), i == selected), width) : "");
        }
        lines.add(cut(bottom, width));
        return lines;
    }

    private static String head(TopData data) {
        if (!data.problem().isEmpty()) {
            return "flotilla top - " + shown(data.problem());
        }
        long moving = data.nodes().stream()
                .mapToLong(node -> node.path("transfers").asLong())
                .sum();
        long sessions = data.nodes().stream()
                .mapToLong(node -> node.path("sessions").asLong())
                .sum();
        return "flotilla top - " + data.nodes().size() + " nodes, " + sessions + " sessions, " + moving + " transfers"
                + (data.in() < 0 ? "" : ", in " + rate(data.in()) + ", out " + rate(data.out()));
    }

    private static String nodes(TopData data) {
        List<String> words = new ArrayList<>();
        data.silent().forEach(name -> words.add(shown(name) + " SILENT"));
        for (JsonNode node : data.nodes()) {
            String state = node.path("draining").asBoolean()
                    ? " draining"
                    : node.path("ready").asBoolean() ? "" : " not ready";
            words.add(shown(node.path("name").asText()) + state + " "
                    + node.path("sessions").asText() + "/"
                    + node.path("transfers").asText());
        }
        return "Nodes:   " + String.join("  ", words);
    }

    private static String causes(TopData data) {
        List<String> words = new ArrayList<>();
        data.causes()
                .forEach(cause -> words.add(shown(cause.path("name").asText()) + " "
                        + cause.path("failures").asText()));
        return "Refused: " + (words.isEmpty() ? "nothing in 15 minutes" : String.join("  ", words));
    }

    private static String order(TopData data, TopQuery query) {
        return "By " + query.sort() + (query.descending() ? ", largest first" : "")
                + (query.filter().isEmpty() ? "" : ", only " + shown(query.filter())) + ": "
                + data.sessions().size() + " of " + data.matched();
    }

    private static String row(JsonNode session, boolean isSelected) {
        JsonNode transfer = session.path("transfer");
        boolean moves = !transfer.isMissingNode();
        String does = session.has("frozen")
                ? "FROZEN"
                : moves
                        ? transfer.path("direction").asText()
                        : session.path("state").asText();
        String where = moves
                ? transfer.path("path").asText()
                : session.path("directory").asText();
        return (isSelected ? "> " : "  ")
                + pad(session.path("short").asText(), SHORT)
                + pad(session.path("user").asText(), USER)
                + pad(session.path("address").asText(), ADDRESS)
                + pad(does, DOES)
                + pad(moves ? progress(transfer) : "", BAR + 7)
                + pad(moves ? rate(transfer.path("bytesPerSecond").asLong()) : "", RATE - 3)
                + shown(where);
    }

    /** Returns a bar for a transfer whose size is known, and its bytes otherwise. */
    static String progress(JsonNode transfer) {
        long bytes = transfer.path("bytes").asLong();
        long size = transfer.path("size").asLong();
        if (size <= 0) {
            return bytes(bytes);
        }
        double part = Math.min(1, (double) bytes / size);
        int full = (int) (part * BAR);
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]" + (int) (part * PERCENT) + "%";
    }

    private static String rate(long bytesPerSecond) {
        return bytes(bytesPerSecond) + "/s";
    }

    private static String bytes(long bytes) {
        String[] units = {"B", "K", "M", "G", "T", "P"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f%s" : "%.1f%s", value, units[unit]);
    }

    private static String shown(String text) {
        return LogText.shown(text);
    }

    private static String pad(String text, int width) {
        String cut = cut(shown(text), width);
        return cut + " ".repeat(width - cut.length() + 1);
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
    }
}
