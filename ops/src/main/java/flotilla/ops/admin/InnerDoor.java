package flotilla.ops.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import flotilla.ops.admin.Requests.Request;
import flotilla.ops.admin.Requests.Response;
import flotilla.ops.admin.TokenFile.Token;
import flotilla.ops.log.AuditLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/** Lets pages of the same process call the API. */
final class InnerDoor implements Door {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Requests requests;
    private final Tokens tokens;
    private final AuditLog audit;

    InnerDoor(Requests requests, Tokens tokens, AuditLog audit) {
        this.requests = requests;
        this.tokens = tokens;
        this.audit = audit;
    }

    @Override
    public Optional<Visitor> visitor(String token) {
        return tokens.of("Bearer " + token)
                .filter(found ->
                        !found.isExpired(Instant.now()) && found.scope().isEmpty())
                .map(found -> new Visitor(found.name(), found.role(), found.hash(), found.expires()));
    }

    @Override
    public boolean isValid(String hash, Role role) {
        return tokens.has(hash, role);
    }

    @Override
    public CompletionStage<Reply> call(
            Visitor visitor, String from, String method, List<String> path, Map<String, String> query, String body) {
        return ask(visitor, new Request(method, below(path), query, "", from, "", Conditions.NONE, bytes(body)));
    }

    @Override
    public CompletionStage<Reply> replace(
            Visitor visitor, String from, List<String> path, String body, String version) {
        return ask(
                visitor,
                new Request("PUT", below(path), Map.of(), "", from, "", new Conditions(version, ""), bytes(body)));
    }

    private static List<String> below(List<String> path) {
        return Stream.concat(Stream.of("api", "v1"), path.stream()).toList();
    }

    private static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private CompletionStage<Reply> ask(Visitor visitor, Request request) {
        Token token =
                new Token(visitor.name(), visitor.role(), visitor.hash(), Instant.now(), visitor.until(), List.of());
        try {
            return requests.answer(request, token).thenApply(InnerDoor::reply);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.completedFuture(reply(Requests.tooMany()));
        }
    }

    private static Reply reply(Response response) {
        try {
            JsonNode json = MAPPER.readTree(response.body());
            return new Reply(response.status(), json, response.headers().getOrDefault("ETag", ""));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the API answers with JSON", e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void audit(String who, String from, String action, String target, String result) {
        audit.record(who, from, action, target, result);
    }
}
