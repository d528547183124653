package flotilla.ops.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.admin.Requests.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The answers that need no token: whether the node lives and is ready, and its metrics. */
final class HealthAnswers {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final List<String> HEALTH = List.of("live", "ready");

    private final Health health;

    HealthAnswers(Health health) {
        this.health = health;
    }

    /**
     * Returns whether a request asks if the node lives or is ready.
     *
     * @param segments of the path
     */
    static boolean isHealth(List<String> segments) {
        return segments.size() == 1 && HEALTH.contains(segments.get(0));
    }

    /**
     * Answers a request.
     *
     * @param what the one segment of its path
     * @throws ApiException when there is no such answer
     */
    Response answer(String method, String what) {
        if (!method.equals("GET")) {
            throw ApiException.otherMethod(List.of("GET"));
        }
        return switch (what) {
            case "live" -> Response.json(200, Json.object().put("live", true));
            case "ready" -> ready(health.unready());
            case "metrics" ->
                new Response(200, PROMETHEUS, health.metrics().getBytes(StandardCharsets.UTF_8), Map.of());
            default -> throw ApiException.notFound("there is nothing here");
        };
    }

    private static Response ready(List<String> unready) {
        ObjectNode json = Json.object().put("ready", unready.isEmpty());
        json.set("reasons", Json.texts(unready));
        return Response.json(unready.isEmpty() ? 200 : 503, json);
    }
}
