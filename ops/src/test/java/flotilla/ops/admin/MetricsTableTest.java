package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of metrics in docs/operations.md is what a node serves. */
@Timeout(120)
class MetricsTableTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "operations.md");
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (\\w+) \\| (.*?) ?\\| (.+) \\|");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final String OF_THE_JVM = "the JVM's";
    /** The JVM has them only after a collection. */
    private static final String LATER = "jvm_gc_pause_seconds";

    /** Of a metric. @param labels values by label */
    private record Form(String type, Map<String, Set<String>> labels) {}

    @Test
    @DisplayName(
            "the table in operations.md has every metric of a node, with its type, labels and their values, and no other")
    void theTableIsWhatIsServed() throws Exception {
        Map<String, Form> documented = documented();
        try (ServerProcess server = ServerProcess.start()) {
            Map<String, Form> served =
                    served(Api.local(server).call("GET", "/metrics", "").text());
            assertTrue(served.size() > 20, served.toString());
            assertEquals(lines(documented), lines(served));
        }
    }

    private static String lines(Map<String, Form> forms) {
        StringBuilder text = new StringBuilder();
        forms.forEach((name, form) -> text.append(name).append(' ').append(form).append('\n'));
        return text.toString();
    }

    private static Map<String, Form> documented() throws IOException {
        Map<String, Form> forms = new TreeMap<>();
        String text = Files.readString(DOCUMENT);
        String section = text.substring(text.indexOf("## Metrics"), text.indexOf("## Stopping"));
        section.lines().map(ROW::matcher).filter(Matcher::matches).forEach(row -> {
            Map<String, Set<String>> labels = new TreeMap<>();
            for (String label :
                    row.group(3).isEmpty() ? new String[0] : row.group(3).split("; ")) {
                String[] parts = label.split(": ");
                labels.put(parts[0].replace("`", ""), new TreeSet<>(Set.of(parts[1].split(", "))));
            }
            if (!row.group(1).startsWith(LATER)) {
                forms.put(row.group(1), new Form(row.group(2), labels));
            }
        });
        return forms;
    }

    private static Map<String, Form> served(String text) {
        Map<String, String> types = new TreeMap<>();
        Map<String, Form> forms = new TreeMap<>();
        for (String line : text.split("\n")) {
            if (line.startsWith("# TYPE ")) {
                types.put(line.split(" ")[2], line.split(" ")[3]);
            }
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches() && !sample.group(1).startsWith(LATER)) {
                String name = sample.group(1);
                Form form = forms.computeIfAbsent(name, key -> new Form(types.get(key), new TreeMap<>()));
                Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
                while (label.find()) {
                    form.labels
                            .computeIfAbsent(label.group(1), key -> new TreeSet<>())
                            .add(label.group(1).equals("id") ? OF_THE_JVM : label.group(2));
                }
            }
        }
        return forms;
    }
}
