package flotilla.ops.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules for Prometheus and the dashboard for Grafana. The fleet check "alerts" asks them of a real fleet. */
@Timeout(120)
class MonitoringFilesTest {
    private static final Path MONITOR = Path.of("..", "docs", "monitor");
    private static final Path RULES = MONITOR.resolve("prometheus/rules.yml");
    private static final Path TESTS = MONITOR.resolve("prometheus/rules.test.yml");
    private static final Pattern METRIC = Pattern.compile("\\b(?:flotilla|process|jvm)_[a-z0-9_]+");

    private static String promtool(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "promtool";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    @Test
    @DisplayName("promtool takes the rules, and their cases hold")
    void rules() throws Exception {
        assertTrue(promtool("check", "rules", RULES.toString()).contains("SUCCESS"));
        assertTrue(promtool("test", "rules", TESTS.toString()).contains("SUCCESS"));
    }

    @Test
    @DisplayName("each alert of the rules has a case")
    void cases() throws IOException {
        String cases = Files.readString(TESTS);
        Matcher alerts = Pattern.compile("- alert: (\\w+)").matcher(Files.readString(RULES));
        Set<String> untested = new TreeSet<>();
        while (alerts.find()) {
            if (!cases.contains("alertname: " + alerts.group(1))) {
                untested.add(alerts.group(1));
            }
        }
        assertEquals(Set.of(), untested);
    }

    @Test
    @DisplayName("rules and dashboard name only metrics of the table")
    void metrics() throws IOException {
        String table = Files.readString(MONITOR.resolve("metrics.md"));
        Matcher named =
                METRIC.matcher(Files.readString(RULES) + Files.readString(MONITOR.resolve("grafana/flotilla.json")));
        Set<String> unknown = new TreeSet<>();
        while (named.find()) {
            String name = named.group();
            if (!table.contains("`" + name + "`")
                    && !table.contains("`" + name.replaceFirst("_(bucket|count|sum)$", "") + "`")) {
                unknown.add(name);
            }
        }
        assertEquals(Set.of(), unknown);
    }
}
