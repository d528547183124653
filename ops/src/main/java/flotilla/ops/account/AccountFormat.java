package flotilla.ops.account;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.User;
import flotilla.ops.json.JsonException;
import flotilla.ops.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Accounts as lines of a file, with the hashes of their passwords: one JSON object a line, or comma-separated values
 * under a heading. The keys are those of {@link UserJson}. In CSV, a list is a JSON array in its cell.
 */
public enum AccountFormat {
    /** One JSON object a line. */
    JSON,
    /** Comma-separated values, with the names of the keys in the first line. */
    CSV;

    private static final String HASH = "passwordHash";
    /** A plain password. It is read, and never written. */
    private static final String PASSWORD = "password";

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Returns the lines before the first account. */
    public List<String> heading() {
        return this == JSON ? List.of() : List.of(CsvLine.write(keys()));
    }

    /** Returns the line of an account. */
    public String line(User user) {
        ObjectNode json = whole(user);
        if (this == JSON) {
            return json.toString();
        }
        return CsvLine.write(keys().stream()
                .map(key -> json.path(key).isValueNode()
                        ? json.path(key).asText()
                        : json.path(key).toString())
                .toList());
    }

    /**
     * Reads the keys of a line.
     *
     * @param heading the keys of the columns of CSV
     * @throws JsonException stating what is wrong
     */
    static ObjectNode parse(String line, List<String> heading) {
        if (!heading.isEmpty()) {
            return row(line, heading);
        }
        try {
            if (MAPPER.readTree(line) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new JsonException("not a JSON object, or a key is there twice");
        }
        throw new JsonException("not a JSON object");
    }

    /** Reads the heading of CSV. */
    static List<String> headingOf(String line) {
        List<String> heading = columns(line);
        List<String> known = new ArrayList<>(keys());
        known.add(PASSWORD);
        for (String key : heading) {
            if (!known.contains(key)) {
                throw new JsonException("there is no column " + key + "; there are " + String.join(", ", known));
            }
        }
        if (!heading.contains("name") || heading.stream().distinct().count() < heading.size()) {
            throw new JsonException("the heading needs the column name, and each column once");
        }
        return heading;
    }

    /**
     * Returns an account: {@code before}, with the keys of a line.
     *
     * @throws JsonException naming the key that is wrong or unknown
     */
    static User over(User before, ObjectNode line) {
        ObjectNode json = whole(before);
        json.setAll(line);
        return UserJson.read(JsonObject.of(json, "the line"), "");
    }

    /**
     * Takes the plain password out of a line.
     *
     * @return empty when the line has none
     * @throws JsonException when it has a hash as well, or the password is no text
     */
    static Optional<String> takePassword(ObjectNode line) {
        JsonNode password = line.remove(PASSWORD);
        if (password == null
                || password.isNull()
                || password.isTextual() && password.textValue().isEmpty()) {
            return Optional.empty();
        }
        if (!password.isTextual() || !line.path(HASH).asText("").isEmpty()) {
            throw new JsonException("password must be a text, without passwordHash besides");
        }
        return Optional.of(password.textValue());
    }

    private static ObjectNode whole(User user) {
        return UserJson.write(user, MAPPER.createObjectNode()).put(HASH, user.passwordHash());
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>();
        whole(User.create("", "", "")).fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static ObjectNode row(String line, List<String> heading) {
        List<String> cells = columns(line);
        if (cells.size() != heading.size()) {
            throw new JsonException(cells.size() + " columns, but the heading has " + heading.size());
        }
        ObjectNode kinds = whole(User.create("", "", ""));
        ObjectNode json = MAPPER.createObjectNode();
        for (int i = 0; i < cells.size(); i++) {
            JsonNode kind = kinds.path(heading.get(i));
            json.set(
                    heading.get(i),
                    kind.isTextual() || heading.get(i).equals(PASSWORD)
                            ? json.textNode(cells.get(i))
                            : value(heading.get(i), cells.get(i)));
        }
        return json;
    }

    private static JsonNode value(String key, String cell) {
        try {
            return MAPPER.readTree(cell);
        } catch (JsonProcessingException e) {
            throw new JsonException(key + " cannot be read: a list is a JSON array, such as [\"192.0.2.0/24\"]");
        }
    }

    private static List<String> columns(String line) {
        try {
            return CsvLine.read(line);
        } catch (IllegalArgumentException e) {
            throw new JsonException(String.valueOf(e.getMessage()));
        }
    }
}
