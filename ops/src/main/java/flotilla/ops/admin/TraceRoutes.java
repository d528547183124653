package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.Traces;
import flotilla.node.overview.ClusterOverview;
import flotilla.node.trace.TraceLine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** The route by which a trace is followed live, over all nodes. */
final class TraceRoutes {
    private static final int LINES = 200;
    private static final int LONGEST = 16_384;

    private final ClusterOverview overview;
    private final Traces traces;

    TraceRoutes(ClusterOverview overview, Traces traces) {
        this.overview = overview;
        this.traces = traces;
    }

    /** What clients send says more than a viewer may know. */
    List<Route> routes() {
        return List.of(Route.get("trace/lines", Set.of("cursor"), this::lines).needing(Role.OPERATOR));
    }

    private CompletionStage<JsonNode> lines(Call call) {
        Map<String, Long> seen = seen(call.text("cursor"));
        return overview.trace(seen, LINES).thenApply(found -> {
            Map<String, Long> next = new TreeMap<>(seen);
            List<TraceLine> all = new ArrayList<>();
            found.answers().forEach(here -> {
                next.put(here.node(), here.last());
                all.addAll(here.lines());
            });
            ObjectNode json = Json.object();
            ArrayNode lines = json.putArray("lines");
            all.stream().sorted(Comparator.comparing(TraceLine::time)).forEach(line -> lines.add(json(line)));
            json.put("cursor", cursor(next));
            traces.list().values().stream()
                    .max(Comparator.naturalOrder())
                    .map(Instant::toString)
                    .ifPresent(until -> json.put("until", until));
            json.set("incomplete", Json.texts(found.incomplete()));
            return json;
        });
    }

    private static ObjectNode json(TraceLine line) {
        ObjectNode json = Json.object();
        json.put("time", line.time().toString());
        json.put("node", line.node());
        json.put("session", line.session());
        json.put("user", line.user());
        json.put("address", line.address());
        json.put("request", line.request());
        json.put("code", line.code());
        json.put("reply", line.reply());
        return json;
    }

    private static String cursor(Map<String, Long> seen) {
        StringBuilder text = new StringBuilder();
        seen.forEach(
                (node, number) -> text.append(number).append(' ').append(node).append('\n'));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Long> seen(String cursor) {
        Map<String, Long> seen = new TreeMap<>();
        try {
            if (cursor.length() > LONGEST) {
                throw new IllegalArgumentException("too long");
            }
            new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> {
                        String[] parts = line.split(" ", 2);
                        seen.put(parts[1], Long.parseLong(parts[0]));
                    });
            return seen;
        } catch (RuntimeException e) {
            throw ApiException.badRequest("cursor is not one that this API gave");
        }
    }
}
