package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * The route that serves the description of the API. Where the description and the routes of this server differ, it says
 * so in {@code x-differences}: a test finds none.
 */
final class DocumentRoute {
    private final JsonNode paths;
    private final JsonNode parameters;
    private final JsonNode schemas;
    private final List<String> differences = new ArrayList<>();

    private DocumentRoute(ObjectNode document) {
        this.paths = document.path("paths");
        this.parameters = document.path("components").path("parameters");
        this.schemas = document.path("components").path("schemas");
    }

    /** @param routes all other routes of the API */
    static Route of(List<Route> routes) {
        ObjectNode document = ApiDocument.shared().json();
        DocumentRoute comparison = new DocumentRoute(document);
        Route own = Route.get(
                String.join("/", ApiDocument.PATH), Set.of(), call -> CompletableFuture.completedFuture(document));
        List<Route> all = new ArrayList<>(routes);
        all.add(own);
        comparison.compare(all);
        if (!comparison.differences.isEmpty()) {
            document.set("x-differences", Json.texts(comparison.differences));
        }
        return own;
    }

    private void compare(List<Route> routes) {
        Set<String> described = new TreeSet<>();
        paths.properties().forEach(item -> item.getValue().properties().stream()
                .filter(field -> ApiDocument.METHODS.contains(field.getKey()))
                .forEach(field -> described.add(key(field.getKey(), item.getKey()))));
        for (Route route : routes) {
            String key = key(route.method(), "/" + String.join("/", route.path()));
            if (described.remove(key)) {
                compare(key, route);
            } else {
                differences.add(key
                        + " is a route without a description: add it to a file of resources/flotilla/openapi"
                        + ", with operationId, tags, x-role " + route.role().text() + ", summary, "
                        + (route.method().equals("GET") ? "query parameters " : "fields of the body ")
                        + new TreeSet<>(route.names()) + " and a schema of its answer, and call it in ApiClientTest");
            }
        }
        described.forEach(key -> differences.add(key + " is described, and there is no such route"));
    }

    private static String key(String method, String path) {
        return method.toUpperCase(Locale.ROOT) + " " + path.replaceAll("\\{[^}]*}", "*");
    }

    private void compare(String key, Route route) {
        JsonNode item = item(key).orElseThrow();
        JsonNode operation = item.path(route.method().toLowerCase(Locale.ROOT));
        same(key, "x-role", operation.path("x-role").asText(), route.role().text());
        Set<String> query = inQuery(operation);
        Set<String> body = fields(operation.path("requestBody").path("content"));
        boolean isGet = route.method().equals("GET");
        same(key, "the query", query, isGet ? new TreeSet<>(route.names()) : Set.of());
        same(key, "the fields of the body", body, isGet ? Set.of() : new TreeSet<>(route.names()));
        for (String needed : List.of("operationId", "summary", "tags", "responses")) {
            if (!operation.has(needed)) {
                differences.add(key + " has no " + needed);
            }
        }
    }

    private Optional<JsonNode> item(String key) {
        String path = key.substring(key.indexOf(' ') + 1);
        return paths.properties().stream()
                .filter(item -> key("", item.getKey()).strip().equals(path))
                .map(item -> item.getValue())
                .findFirst();
    }

    private void same(String key, String what, Object described, Object routed) {
        if (!described.equals(routed)) {
            differences.add(
                    key + ": " + what + " is " + described + " in the description and " + routed + " in the route");
        }
    }

    private Set<String> inQuery(JsonNode operation) {
        Set<String> names = new TreeSet<>();
        for (JsonNode parameter : operation.path("parameters")) {
            JsonNode whole = resolved(parameter, parameters);
            if (whole.path("in").asText().equals("query")) {
                names.add(whole.path("name").asText());
            }
        }
        return names;
    }

    private Set<String> fields(JsonNode content) {
        JsonNode schema = resolved(content.path("application/json").path("schema"), schemas);
        Set<String> names = new HashSet<>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        return new TreeSet<>(names);
    }

    private static JsonNode resolved(JsonNode node, JsonNode named) {
        String reference = node.path("$ref").asText();
        return reference.isEmpty() ? node : named.path(reference.substring(reference.lastIndexOf('/') + 1));
    }
}
