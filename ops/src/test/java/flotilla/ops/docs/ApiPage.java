package flotilla.ops.docs;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.admin.ApiDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes the tables of docs/reference/api.md from the description of the admin API. */
final class ApiPage {
    private static final List<String> METHODS = List.of("get", "post", "put", "delete");
    /** A body with more fields has a table of its own. */
    private static final int FEW = 4;

    private final JsonNode document = ApiDocument.shared().json();

    private ApiPage() {}

    /**
     * Returns the page with its parts written anew.
     *
     * @throws IllegalStateException when it has other parts than the tables
     */
    static String written(String page) {
        ApiPage api = new ApiPage();
        if (!MarkedParts.names(page).equals(List.of("requests", "problems"))) {
            throw new IllegalStateException("docs/reference/api.md has the parts " + MarkedParts.names(page));
        }
        return MarkedParts.written(page, name -> name.equals("requests") ? api.requests() : api.problems());
    }

    private String requests() {
        List<List<String>> rows = new ArrayList<>();
        document.path("paths").properties().forEach(item -> METHODS.stream()
                .filter(item.getValue()::has)
                .forEach(method -> rows.add(row(method, item.getKey(), item.getValue()))));
        return Markdown.table(List.of("request", "role", "what"), rows);
    }

    private List<String> row(String method, String path, JsonNode item) {
        JsonNode operation = item.path(method);
        List<String> query = new ArrayList<>();
        operation.path("parameters").forEach(parameter -> {
            JsonNode whole = resolved(parameter);
            if (whole.path("in").asText().equals("query")) {
                query.add(whole.path("name").asText() + "=");
            }
        });
        String request = method.toUpperCase(Locale.ROOT) + " " + shown(path.substring(1))
                + (query.isEmpty() ? "" : "?" + String.join("&", query));
        return List.of(
                Markdown.code(request) + body(operation),
                operation.path("x-role").asText(),
                operation.path("summary").asText());
    }

    private static String shown(String path) {
        StringBuilder out = new StringBuilder();
        for (String segment : path.split("/")) {
            String text = segment.startsWith("{")
                    ? segment.substring(1, segment.length() - 1).toUpperCase(Locale.ROOT)
                    : segment;
            out.append(out.isEmpty() ? "" : "/").append(text);
        }
        return out.toString();
    }

    private String body(JsonNode operation) {
        JsonNode schema = resolved(operation
                .path("requestBody")
                .path("content")
                .path("application/json")
                .path("schema"));
        List<String> names = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        return names.isEmpty() || names.size() > FEW
                ? ""
                : " "
                        + Markdown.code(names.stream()
                                .map(name -> '"' + name + '"')
                                .collect(Collectors.joining(", ", "{", "}")));
    }

    private JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").asText();
        return reference.isEmpty() ? node : document.at(reference.substring(1));
    }

    private String problems() {
        List<List<String>> rows = new ArrayList<>();
        document.path("components")
                .path("x-problems")
                .properties()
                .forEach(problem -> rows.add(List.of(
                        Markdown.code(problem.getKey()), problem.getValue().asText())));
        return Markdown.table(List.of("code", "title"), rows);
    }
}
