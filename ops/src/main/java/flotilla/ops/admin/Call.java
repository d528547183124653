package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * A request that was let in.
 *
 * @param path what stands in the place of each {@code *} of the route, in order
 * @param query parameters
 * @param body empty object when there is none
 */
record Call(java.util.List<String> path, Map<String, String> query, JsonNode body) {
    private static final int MAX_TEXT = 512;

    String text(String name) {
        return query.getOrDefault(name, "");
    }

    int number(String name, int otherwise, int max) {
        String text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > max) {
            throw ApiException.badRequest(name + " must be a number between 1 and " + max);
        }
        return Integer.parseInt(text);
    }

    /** A text of the body. */
    Optional<String> field(String name) {
        JsonNode value = body.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual() || value.textValue().length() > MAX_TEXT) {
            throw ApiException.badRequest(name + " must be a text of at most " + MAX_TEXT + " characters");
        }
        return Optional.of(value.textValue());
    }
}
