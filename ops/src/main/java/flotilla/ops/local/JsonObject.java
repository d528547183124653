package flotilla.ops.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An object of a request, read key by key: a missing, wrong or unknown one is told in a sentence. */
final class JsonObject {
    private final JsonNode json;
    private final Set<String> known = new HashSet<>();

    /** Reads an object. */
    @FunctionalInterface
    interface Reader<T> {
        T read(JsonObject json) throws RefusedException;
    }

    private JsonObject(JsonNode json) {
        this.json = json;
    }

    /** @param what it is called in the message @throws RefusedException when it is not an object */
    static JsonObject of(JsonNode json, String what) throws RefusedException {
        if (!json.isObject()) {
            throw RefusedException.badRequest(what + " must be a JSON object");
        }
        return new JsonObject(json);
    }

    String text(String key) throws RefusedException {
        return text(key, value(key));
    }

    List<String> texts(String key) throws RefusedException {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(key)) {
            texts.add(text("each of " + key, element));
        }
        return texts;
    }

    boolean flag(String key) throws RefusedException {
        JsonNode value = value(key);
        if (!value.isBoolean()) {
            throw RefusedException.badRequest(key + " must be true or false");
        }
        return value.booleanValue();
    }

    /** A whole number that is not negative. */
    long number(String key, long max) throws RefusedException {
        JsonNode value = value(key);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > max) {
            throw RefusedException.badRequest(key + " must be a whole number between 0 and " + max);
        }
        return value.longValue();
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) throws RefusedException {
        return choice(key, text(key), type);
    }

    <E extends Enum<E>> Set<E> choices(String key, Class<E> type) throws RefusedException {
        Set<E> chosen = EnumSet.noneOf(type);
        for (String text : texts(key)) {
            chosen.add(choice("each of " + key, text, type));
        }
        return chosen;
    }

    <T> List<T> objects(String key, Reader<T> reader) throws RefusedException {
        List<T> objects = new ArrayList<>();
        for (JsonNode element : array(key)) {
            objects.add(reader.read(of(element, "each of " + key)));
        }
        return objects;
    }

    /** After the last key. @throws RefusedException when there are others */
    void end() throws RefusedException {
        for (String key : (Iterable<String>) json::fieldNames) {
            if (!known.contains(key)) {
                throw RefusedException.badRequest("unknown key " + key);
            }
        }
    }

    private JsonNode value(String key) throws RefusedException {
        known.add(key);
        JsonNode value = json.get(key);
        if (value == null) {
            throw RefusedException.badRequest(key + " is missing");
        }
        return value;
    }

    private JsonNode array(String key) throws RefusedException {
        JsonNode value = value(key);
        if (!value.isArray()) {
            throw RefusedException.badRequest(key + " must be an array");
        }
        return value;
    }

    private static String text(String key, JsonNode value) throws RefusedException {
        if (!value.isTextual()) {
            throw RefusedException.badRequest(key + " must be a text");
        }
        return value.textValue();
    }

    private static <E extends Enum<E>> E choice(String key, String text, Class<E> type) throws RefusedException {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw RefusedException.badRequest(key + " must be one of " + List.of(type.getEnumConstants()));
    }
}
