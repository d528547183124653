package flotilla.ops.log;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.time.Instant;
import java.util.List;

/**
 * A line with a JSON object that starts with the time. Texts are escaped as in every log ({@link LogText#escaped}),
 * which is stricter than JSON.
 */
final class JsonLine {
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();

    JsonLine() {
        text("time", Instant.now().toString());
    }

    JsonLine text(String name, String value) {
        json.putRawValue(name, quoted(value));
        return this;
    }

    JsonLine texts(String name, List<String> values) {
        ArrayNode array = json.putArray(name);
        values.forEach(value -> array.addRawValue(quoted(value)));
        return this;
    }

    JsonLine number(String name, long value) {
        json.put(name, value);
        return this;
    }

    JsonLine flag(String name, boolean value) {
        json.put(name, value);
        return this;
    }

    private static RawValue quoted(String text) {
        return new RawValue('"' + LogText.escaped(text) + '"');
    }

    String end() {
        return json.toString();
    }
}
