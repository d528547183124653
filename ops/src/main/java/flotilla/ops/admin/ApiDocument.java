package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/**
 * The description of the admin API (OpenAPI 3.1). Its source are files beside this class's resources, one for each
 * subject. What holds for every operation is added here: problems as answers.
 */
public final class ApiDocument {
    /** The path at which it is served, below {@code /api/v1}. */
    static final List<String> PATH = List.of("openapi.json");

    static final String URL = "/api/v1/openapi.json";
    static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

    private static final String DIRECTORY = "/flotilla/openapi/";
    private static final List<String> FILES = List.of(
            "base",
            "sessions",
            "freezes",
            "refusals",
            "nodes",
            "users",
            "groups",
            "bans",
            "settings",
            "server",
            "events",
            "alerts");
    private static final String PROBLEM = "#/components/responses/Problem";
    private static final String RESPONSES = "responses";

    /** Loaded when it is needed first. */
    private static final class Shared {
        private static final ApiDocument DOCUMENT = new ApiDocument();
    }

    private final ObjectNode json = Json.object();

    private ApiDocument() {
        ObjectMapper mapper = new ObjectMapper();
        try {
            for (String file : FILES) {
                try (InputStream in = ApiDocument.class.getResourceAsStream(DIRECTORY + file + ".json")) {
                    if (in == null) {
                        throw new FileNotFoundException(DIRECTORY + file + ".json");
                    }
                    add(json, mapper.readTree(in));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the description of the admin API cannot be read", e);
        }
        json.path("paths").forEach(item -> item.properties().stream()
                .filter(field -> METHODS.contains(field.getKey()))
                .forEach(field -> addProblems((ObjectNode) field.getValue())));
    }

    /** Returns the one document of this process. */
    public static ApiDocument shared() {
        return Shared.DOCUMENT;
    }

    private static void add(ObjectNode to, JsonNode more) {
        more.properties().forEach(field -> {
            JsonNode there = to.get(field.getKey());
            if (there instanceof ObjectNode object && field.getValue().isObject()) {
                add(object, field.getValue());
            } else {
                to.set(field.getKey(), field.getValue());
            }
        });
    }

    private static void addProblems(ObjectNode operation) {
        ObjectNode responses = operation.withObjectProperty(RESPONSES);
        responses.putObject("4XX").put("$ref", PROBLEM);
        responses.putObject("5XX").put("$ref", PROBLEM);
    }

    /** Returns a copy of the document. */
    public ObjectNode json() {
        return json.deepCopy();
    }

    /** Returns the title of a kind of problem. */
    String title(String code) {
        return json.path("components").path("x-problems").path(code).asText(code);
    }
}
