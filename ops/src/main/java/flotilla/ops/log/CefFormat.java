package flotilla.ops.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import flotilla.node.event.NodeEvent;
import java.time.Instant;
import java.util.Map;

/**
 * Writes events in the Common Event Format (CEF:0, as ArcSight's guide of version 25 defines it), with the facts of the
 * JSON log. Facts for which CEF has no key are {@code cs1} to {@code cs6} and {@code cn1}, with labels.
 */
final class CefFormat implements EventLogs.Format {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("client", "src"),
            Map.entry("user", "suser"),
            Map.entry("node", "dvchost"),
            Map.entry("path", "filePath"),
            Map.entry("source", "oldFilePath"),
            Map.entry("operation", "act"),
            Map.entry("verb", "act"),
            Map.entry("reason", "reason"),
            Map.entry("ending", "outcome"),
            Map.entry("result", "outcome"),
            Map.entry("reply", "msg"),
            Map.entry("detail", "msg"),
            Map.entry("what", "msg"),
            Map.entry("port", "dpt"),
            Map.entry("bytes", "fsize"),
            Map.entry("session", "cs1"),
            Map.entry("dataNode", "cs2"),
            Map.entry("version", "cs3"),
            Map.entry("cipher", "cs4"),
            Map.entry("code", "cn1"),
            Map.entry("millis", "cn2"));
    private static final Map<String, String> LABELS = Map.of(
            "cs1", "session",
            "cs2", "dataNode",
            "cs3", "tlsVersion",
            "cs4", "tlsCipher",
            "cn1", "replyCode",
            "cn2", "millis");
    private static final int WARNING = 6;
    private static final int USUAL = 3;

    private final JsonFormat json;
    private final String version;

    /** @param version of the program */
    CefFormat(String node, String version) {
        this.json = new JsonFormat(node);
        this.version = version;
    }

    @Override
    public String line(NodeEvent event) {
        String line = json.line(event);
        if (line.isEmpty()) {
            return "";
        }
        String name = event.getClass().getSimpleName();
        int severity = Severity.of(event) == Severity.WARNING ? WARNING : USUAL;
        StringBuilder cef = new StringBuilder("CEF:0|Flotilla|flotilla|")
                .append(header(version))
                .append('|')
                .append(name)
                .append('|')
                .append(name.replaceAll("(?<=[a-z])(?=[A-Z])", " "))
                .append('|')
                .append(severity)
                .append('|');
        try {
            JsonNode facts = MAPPER.readTree(line);
            cef.append("rt=").append(Instant.parse(facts.path("time").asText()).toEpochMilli());
            facts.properties()
                    .forEach(fact -> add(cef, fact.getKey(), fact.getValue().asText()));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
        return cef.toString();
    }

    private static void add(StringBuilder cef, String name, String value) {
        String key = KEYS.get(name);
        if (key == null || value.isEmpty() || cef.indexOf(" " + key + "=") >= 0) {
            return;
        }
        cef.append(' ').append(key).append('=').append(LogText.shown(extension(value)));
        String label = LABELS.get(key);
        if (label != null) {
            cef.append(' ').append(key).append("Label=").append(label);
        }
    }

    private static String header(String text) {
        return text.replace("\\", "\\\\").replace("|", "\\|");
    }

    private static String extension(String text) {
        return text.replace("\\", "\\\\").replace("=", "\\=");
    }
}
