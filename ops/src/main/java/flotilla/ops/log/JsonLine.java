package flotilla.ops.log;

import com.fasterxml.jackson.databind.JsonNode;
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

    /** Adds a value with its texts escaped. */
    JsonLine object(String name, JsonNode value) {
        json.set(name, escaped(value));
        return this;
    }

    private static JsonNode escaped(JsonNode value) {
        if (value.isTextual()) {
            return JsonNodeFactory.instance.rawValueNode(quoted(value.textValue()));
        }
        if (value.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            value.forEach(element -> array.add(escaped(element)));
            return array;
        }
        if (value.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            value.properties().forEach(field -> object.set(field.getKey(), escaped(field.getValue())));
            return object;
        }
        return value;
    }

    /** Returns an object without fields. */
    static JsonNode empty() {
        return JsonNodeFactory.instance.objectNode();
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
