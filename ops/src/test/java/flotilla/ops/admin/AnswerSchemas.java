package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Compares answers of real servers with the description of the API. A field that the description does not name is
 * refused, although clients ignore it.
 */
final class AnswerSchemas {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final String PREFIX = "/api/v1";
    private static final ObjectNode DOCUMENT = ApiDocument.shared().json();
    private static final Map<String, JsonSchema> KNOWN = new ConcurrentHashMap<>();

    static {
        close(DOCUMENT.path("components").path("schemas"));
    }

    private AnswerSchemas() {}

    /**
     * Checks an answer.
     *
     * @throws AssertionError naming what differs
     */
    static void check(String method, String path, int status, String type, String body) throws IOException {
        String below = path.replaceFirst("\\?.*", "");
        if (!below.startsWith(PREFIX) || status == 304 || method.equals("HEAD")) {
            return;
        }
        if (status >= 400) {
            require(type.equals("application/problem+json"), method + " " + path + ": " + type + " " + body);
            validate(method + " " + path, "Problem", reference("#/components/schemas/Problem"), body);
            return;
        }
        String operation = method.toLowerCase(Locale.ROOT);
        Optional<JsonNode> found = DOCUMENT.path("paths").properties().stream()
                .filter(item -> matches(item.getKey(), below.substring(PREFIX.length())))
                .map(item -> item.getValue().path(operation))
                .filter(described -> !described.isMissingNode())
                .findFirst();
        if (found.isPresent()) { // the listener for commands has more
            JsonNode schema = found.get()
                    .path("responses")
                    .path("200")
                    .path("content")
                    .path("application/json")
                    .path("schema");
            validate(method + " " + path, found.get().path("operationId").asText(), schema.deepCopy(), body);
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static ObjectNode reference(String to) {
        return MAPPER.createObjectNode().put("$ref", to);
    }

    private static boolean matches(String template, String path) {
        return path.matches(template.replaceAll("\\{[^}]*}", "[^/]+"));
    }

    private static void validate(String what, String name, JsonNode schema, String body) throws IOException {
        JsonSchema known = KNOWN.computeIfAbsent(name, unused -> {
            ObjectNode whole = (ObjectNode) schema;
            whole.set("components", DOCUMENT.path("components"));
            if (!whole.has("additionalProperties")) {
                whole.put("unevaluatedProperties", false);
            }
            return FACTORY.getSchema(whole);
        });
        Set<ValidationMessage> wrong = known.validate(MAPPER.readTree(body));
        require(
                wrong.isEmpty(),
                what + " differs from the description (ops/src/main/resources/flotilla/openapi): "
                        + wrong.stream().map(ValidationMessage::getMessage).collect(Collectors.joining("; ")) + "\n"
                        + body);
    }

    /** Lets each object have only the fields that are described, but for those that other schemas extend. */
    private static void close(JsonNode schemas) {
        schemas.properties().stream()
                .filter(schema -> !schema.getKey().equals("User"))
                .forEach(schema -> closeAll(schema.getValue()));
    }

    private static void closeAll(JsonNode node) {
        if (node instanceof ObjectNode object && object.path("properties").isObject() && !object.has("allOf")) {
            object.put("unevaluatedProperties", false);
        }
        node.forEach(AnswerSchemas::closeAll);
    }
}
