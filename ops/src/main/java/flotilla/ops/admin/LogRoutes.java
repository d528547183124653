package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.log.RecentMessages;
import flotilla.ops.log.RecentMessages.Message;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The route about the latest messages of the server that is asked. */
final class LogRoutes {
    private static final Set<String> LEVELS = Set.of("ERROR", "WARN", "INFO");

    List<Route> routes() {
        return List.of(Route.get("logs", Set.of("level", "after", "limit"), LogRoutes::messages)
                .needing(Role.OPERATOR));
    }

    private static CompletionStage<JsonNode> messages(Call call) {
        String level =
                call.text("level").isEmpty() ? "INFO" : call.text("level").toUpperCase(Locale.ROOT);
        if (!LEVELS.contains(level)) {
            throw ApiException.badRequest("level must be error, warn or info");
        }
        int limit = call.number("limit", SessionRoutes.PAGE, SessionRoutes.MAX_PAGE);
        boolean isFollowing = !call.text("after").isEmpty();
        List<Message> found = RecentMessages.SHARED.since(call.number("after", 0, Integer.MAX_VALUE), level);
        int skipped = Math.max(0, found.size() - limit);
        List<Message> page =
                isFollowing ? found.subList(0, Math.min(limit, found.size())) : found.subList(skipped, found.size());
        ObjectNode json = Json.object();
        ArrayNode array = json.putArray("messages");
        page.forEach(message -> array.addObject()
                .put("number", message.number())
                .put("time", message.time().toString())
                .put("level", message.level())
                .put("logger", message.logger())
                .put("text", message.text()));
        return CompletableFuture.completedFuture(json);
    }
}
