package flotilla.ops.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import flotilla.cluster.Overrides;
import flotilla.ops.json.JsonException;
import flotilla.ops.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Values of keys that hold on every node, as JSON lines in an archive. */
public final class SettingLines {
    /** Name of the entry in an archive. */
    public static final String ENTRY = "settings.jsonl";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SettingLines() {}

    static byte[] write(Map<String, Overrides.Value> settings) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(settings).forEach((key, value) -> lines.append(JsonNodeFactory.instance
                        .objectNode()
                        .put("key", key)
                        .put("value", value.value())
                        .put("since", value.since().toString())
                        .put("by", value.by()))
                .append('\n'));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the values of an archive, by key.
     *
     * @throws IllegalStateException when one cannot be read
     */
    public static Map<String, Overrides.Value> read(byte[] lines) {
        Map<String, Overrides.Value> settings = new TreeMap<>();
        for (String line : new String(lines, StandardCharsets.UTF_8).lines().toList()) {
            try {
                JsonObject json = JsonObject.of(MAPPER.readTree(line), "a setting");
                settings.put(
                        json.text("key"),
                        new Overrides.Value(json.text("value"), Instant.parse(json.text("since")), json.text("by")));
                json.end();
            } catch (IOException | JsonException | DateTimeException e) {
                throw new IllegalStateException("a setting of the archive cannot be restored: " + e.getMessage(), e);
            }
        }
        return settings;
    }
}
