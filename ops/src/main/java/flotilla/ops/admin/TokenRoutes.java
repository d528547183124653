package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.admin.TokenFile.Token;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The routes about the tokens in the file of the node that is asked. None makes a token: the only copy would cross the
 * network.
 */
final class TokenRoutes {
    private final TokenFile file;

    TokenRoutes(Path file) {
        this.file = new TokenFile(file);
    }

    List<Route> routes() {
        return List.of(
                Route.get("tokens", Set.of(), call -> all()).needing(Role.ADMINISTRATOR),
                Route.change("DELETE", "tokens/*", Set.of(), "token-remove", Call::name, this::remove)
                        .needing(Role.ADMINISTRATOR));
    }

    private CompletionStage<JsonNode> all() {
        ObjectNode json = Json.object();
        ArrayNode tokens = json.putArray("tokens");
        try {
            file.read().forEach(token -> tokens.add(shown(token)));
        } catch (IOException e) {
            throw unreadable(e);
        }
        return CompletableFuture.completedFuture(json);
    }

    private static ObjectNode shown(Token token) {
        ObjectNode json = Json.object()
                .put("name", token.name())
                .put("role", token.role().text())
                .put("created", token.created().toString());
        if (!token.expires().equals(Instant.MAX)) {
            json.put("expires", token.expires().toString());
        }
        json.set("scope", Json.texts(token.scope()));
        return json;
    }

    private CompletionStage<JsonNode> remove(Call call) {
        try {
            file.read().stream()
                    .filter(token -> token.name().equals(call.name()))
                    .findFirst()
                    .ifPresent(token -> call.details().before(shown(token)));
            if (!file.remove(call.name())) {
                throw ApiException.notFound("there is no token " + call.name());
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return CompletableFuture.completedFuture(Json.object().put("name", call.name()));
    }

    private static ApiException unreadable(IOException e) {
        return new ApiException(409, "refused", "the file of the tokens cannot be used: " + e.getMessage());
    }
}
