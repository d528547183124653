package flotilla.ops.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An object of JSON, read key by key. A key that is missing, wrong or unknown is a {@link JsonException} that names it.
 */
public final class JsonObject {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int MAX_TEXT = 512;

    private final JsonNode json;
    private final Set<String> known = new HashSet<>();

    /** Reads an object. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(JsonObject json);
    }

    private JsonObject(JsonNode json) {
        this.json = json;
    }

    /** Parses the body of a request; an empty one is an object without keys. */
    public static JsonObject parse(String text) {
        try {
            return of(text.isEmpty() ? MAPPER.createObjectNode() : MAPPER.readTree(text), "the body");
        } catch (JsonProcessingException e) {
            throw new JsonException("the body is not JSON");
        }
    }

    /**
     * @param what it is called in the message
     */
    public static JsonObject of(JsonNode json, String what) {
        if (!json.isObject()) {
            throw new JsonException(what + " must be a JSON object");
        }
        return new JsonObject(json);
    }

    /** Refuses keys that are not among these. */
    public void only(Set<String> keys) {
        for (String key : (Iterable<String>) json::fieldNames) {
            if (!keys.contains(key)) {
                throw new JsonException("unknown key " + key);
            }
        }
    }

    /** A text of at most 512 characters that need not be there. */
    public Optional<String> optional(String key) {
        known.add(key);
        JsonNode value = json.get(key);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual() || value.textValue().length() > MAX_TEXT) {
            throw new JsonException(key + " must be a text of at most " + MAX_TEXT + " characters");
        }
        return Optional.of(value.textValue());
    }

    public String text(String key) {
        return text(key, value(key));
    }

    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(key)) {
            texts.add(text("each of " + key, element));
        }
        return texts;
    }

    public boolean flag(String key) {
        JsonNode value = value(key);
        if (!value.isBoolean()) {
            throw new JsonException(key + " must be true or false");
        }
        return value.booleanValue();
    }

    /** A whole number that is not negative. */
    public long number(String key, long max) {
        JsonNode value = value(key);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > max) {
            throw new JsonException(key + " must be a whole number between 0 and " + max);
        }
        return value.longValue();
    }

    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        return choice(key, text(key), type);
    }

    public <E extends Enum<E>> Set<E> choices(String key, Class<E> type) {
        Set<E> chosen = EnumSet.noneOf(type);
        for (String text : texts(key)) {
            chosen.add(choice("each of " + key, text, type));
        }
        return chosen;
    }

    public <T> List<T> objects(String key, Reader<T> reader) {
        List<T> objects = new ArrayList<>();
        for (JsonNode element : array(key)) {
            objects.add(reader.read(of(element, "each of " + key)));
        }
        return objects;
    }

    /** After the last key: refuses those that were not read. */
    public void end() {
        only(known);
    }

    private JsonNode value(String key) {
        known.add(key);
        JsonNode value = json.get(key);
        if (value == null) {
            throw new JsonException(key + " is missing");
        }
        return value;
    }

    private JsonNode array(String key) {
        JsonNode value = value(key);
        if (!value.isArray()) {
            throw new JsonException(key + " must be an array");
        }
        return value;
    }

    private static String text(String key, JsonNode value) {
        if (!value.isTextual()) {
            throw new JsonException(key + " must be a text");
        }
        return value.textValue();
    }

    private static <E extends Enum<E>> E choice(String key, String text, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw new JsonException(key + " must be one of " + List.of(type.getEnumConstants()));
    }
}
