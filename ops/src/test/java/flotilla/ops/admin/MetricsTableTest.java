package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of metrics in docs/monitor/metrics.md is what a node serves. */
@Timeout(120)
class MetricsTableTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "monitor", "metrics.md");
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (\\w+) \\| (.*?) ?\\| (.+) \\|");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final String OF_THE_JVM = "the JVM's";
    /**
     * Metrics that come later: some of the JVM after its first collection, those of hooks only where there are hooks
     * (HookTest), that of closed connections after the first one, and that of certificates with their names
     * (CertificateExpiryTest). Those of stores come with their first requests (ExtensionStoreTest).
     */
    private static final Pattern LATER = Pattern.compile(
            "jvm_gc_pause_seconds.*|flotilla_hook_events_total|flotilla_authenticator_answers_total|flotilla_connections_closed_total"
                    + "|flotilla_tls_certificate_expiration_timestamp_seconds|flotilla_store_.*|flotilla_build_info|flotilla_user_.*");

    private static final Set<String> NO_UNITS =
            Set.of(("s ms us ns sec b kb mb gb tb pb m h d minutes hours days weeks bits milliseconds microseconds"
                            + " nanoseconds kilobytes megabytes gigabytes kibibytes mebibytes gibibytes")
                    .split(" "));

    /**
     * The form of a metric.
     *
     * @param type counter, gauge and so on
     * @param labels values by label
     */
    private record Form(String type, Map<String, Set<String>> labels) {}

    @Test
    @DisplayName(
            "the table in metrics.md has every metric of a node, with its type, labels and their values, no other, and none that promtool refuses")
    void theTableIsWhatIsServed() throws Exception {
        Map<String, Form> documented = documented();
        try (ServerProcess server = ServerProcess.start()) {
            String text = Api.local(server).call("GET", "/metrics", "").text();
            assertEquals(List.of(), refusedByPromtool(text));
            Map<String, Form> served = served(text);
            assertTrue(served.size() > 20, served.toString());
            assertEquals(lines(documented), lines(served));
        }
    }

    /** Checks the rules of {@code promtool check metrics}. */
    private static List<String> refusedByPromtool(String text) {
        Set<String> helped = new TreeSet<>();
        List<String> problems = new ArrayList<>();
        for (String line : text.split("\n")) {
            String[] words = line.split(" ");
            if (line.startsWith("# HELP ") && words.length > 3) {
                helped.add(words[2]);
            }
            if (line.startsWith("# TYPE ")) {
                problem(words[2], words[3], helped).ifPresent(why -> problems.add(words[2] + ": " + why));
            }
        }
        return problems;
    }

    private static Optional<String> problem(String name, String type, Set<String> helped) {
        List<String> parts = List.of(name.split("_"));
        if (!helped.contains(name)) {
            return Optional.of("no help");
        }
        if (type.equals("counter") != name.endsWith("_total")) {
            return Optional.of("counters alone end in _total");
        }
        if (name.matches(".*_(count|sum|bucket)")) {
            return Optional.of("a suffix of histograms and summaries");
        }
        if (!name.matches("[a-z0-9_]+") || parts.contains(type)) {
            return Optional.of("capitals, colons or the type in the name");
        }
        return parts.stream().filter(NO_UNITS::contains).findFirst().map(unit -> "the unit " + unit);
    }

    private static String lines(Map<String, Form> forms) {
        StringBuilder text = new StringBuilder();
        forms.forEach((name, form) -> text.append(name).append(' ').append(form).append('\n'));
        return text.toString();
    }

    private static Map<String, Form> documented() throws IOException {
        Map<String, Form> forms = new TreeMap<>();
        String text = Files.readString(DOCUMENT);
        String section = text.substring(text.indexOf("## Table"), text.indexOf("## Outcomes"));
        section.lines().map(ROW::matcher).filter(Matcher::matches).forEach(row -> {
            Map<String, Set<String>> labels = new TreeMap<>();
            for (String label :
                    row.group(3).isEmpty() ? new String[0] : row.group(3).split("; ")) {
                String[] parts = label.split(": ");
                labels.put(parts[0].replace("`", ""), new TreeSet<>(Set.of(parts[1].split(", "))));
            }
            if (!LATER.matcher(row.group(1)).matches()) {
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
            if (sample.matches() && !LATER.matcher(sample.group(1)).matches()) {
                String series = sample.group(1).replaceFirst("_(bucket|count|sum)$", "");
                String name = "histogram".equals(types.get(series)) ? series : sample.group(1);
                Form form = forms.computeIfAbsent(name, key -> new Form(types.get(key), new TreeMap<>()));
                Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
                while (label.find()) {
                    if (label.group(1).equals("le")) {
                        continue;
                    }
                    form.labels
                            .computeIfAbsent(label.group(1), key -> new TreeSet<>())
                            .add(label.group(1).equals("id") ? OF_THE_JVM : label.group(2));
                }
            }
        }
        return forms;
    }
}
