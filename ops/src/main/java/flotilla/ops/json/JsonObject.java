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
 * An object of JSON that is read key by key. For a key that is missing, wrong or unknown, every method throws a
 * {@link JsonException} that names it.
 */
public final class JsonObject {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int MAX_TEXT = 512;

    private final JsonNode json;
    private final Set<String> known = new HashSet<>();

    /**
     * Reads an object of a list.
     *
     * @param <T> the result
     */
    @FunctionalInterface
    public interface Reader<T> {
        /**
         * Reads one object.
         *
         * @throws JsonException when its form is wrong
         */
        T read(JsonObject json);
    }

    private JsonObject(JsonNode json) {
        this.json = json;
    }

    /** Parses the body of a request. An empty body is an object without keys, and so is {@code null}. */
    public static JsonObject parse(String text) {
        try {
            JsonNode json = text.isEmpty() ? MAPPER.nullNode() : MAPPER.readTree(text);
            return of(json.isNull() ? MAPPER.createObjectNode() : json, "the body");
        } catch (JsonProcessingException e) {
            throw new JsonException("the body is not JSON");
        }
    }

    /**
     * Wraps an object.
     *
     * @param what its name in messages
     */
    public static JsonObject of(JsonNode json, String what) {
        if (!json.isObject()) {
            throw new JsonException(what + " must be a JSON object");
        }
        return new JsonObject(json);
    }

    /** Refuses all other keys than these. */
    public void only(Set<String> keys) {
        for (String key : (Iterable<String>) json::fieldNames) {
            if (!keys.contains(key)) {
                throw new JsonException("unknown key " + key);
            }
        }
    }

    /** Returns a text of at most 512 characters; empty when it is missing or null. */
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

    /** Returns a text. */
    public String text(String key) {
        return text(key, value(key));
    }

    /** Returns an array of texts. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(key)) {
            texts.add(text("each of " + key, element));
        }
        return texts;
    }

    /** Returns whether there is such a key, and takes it for a known one. */
    public boolean has(String key) {
        known.add(key);
        return json.has(key);
    }

    /** Returns a whole number between 0 and {@code max}; {@code otherwise} when there is no such key. */
    public long numberOr(String key, long max, long otherwise) {
        return json.has(key) ? number(key, max) : otherwise;
    }

    /** Returns true or false; {@code otherwise} when there is no such key. */
    public boolean flagOr(String key, boolean otherwise) {
        return json.has(key) ? flag(key) : otherwise;
    }

    /** Returns true or false. */
    public boolean flag(String key) {
        JsonNode value = value(key);
        if (!value.isBoolean()) {
            throw new JsonException(key + " must be true or false");
        }
        return value.booleanValue();
    }

    /** Returns a whole number between 0 and {@code max}. */
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

    /** Returns the constant whose name is the text of a key. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        return choice(key, text(key), type);
    }

    /** Returns the constants whose names are in an array. */
    public <E extends Enum<E>> Set<E> choices(String key, Class<E> type) {
        Set<E> chosen = EnumSet.noneOf(type);
        for (String text : texts(key)) {
            chosen.add(choice("each of " + key, text, type));
        }
        return chosen;
    }

    /** Returns an array of objects. */
    public <T> List<T> objects(String key, Reader<T> reader) {
        List<T> objects = new ArrayList<>();
        for (JsonNode element : array(key)) {
            objects.add(reader.read(of(element, "each of " + key)));
        }
        return objects;
    }

    /** Refuses the keys that were not read. Called after the last key. */
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
