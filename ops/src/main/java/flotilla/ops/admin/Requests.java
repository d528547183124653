package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.accounts.DatabaseException;
import flotilla.ops.admin.TokenFile.Token;
import flotilla.ops.json.JsonException;
import flotilla.ops.json.JsonObject;
import flotilla.ops.local.Caller;
import flotilla.ops.log.AuditLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests: checks the token, finds the route, checks the role, acts and records changes in the audit log. It
 * runs on threads of its own and is independent of the HTTP library.
 */
final class Requests {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    /** Field of an answer with the names of the changed fields. */
    static final String CHANGED = "changed";

    private static final int FAILED = 500;
    private static final List<String> HEALTH = List.of("live", "ready");
    private static final List<String> API = List.of("api", "v1");

    /**
     * A request.
     *
     * @param segments of the path, decoded
     * @param authorization header of that name; empty without one
     * @param from address of the caller
     * @param caller user that a command reports as its own; empty without one
     */
    record Request(
            String method,
            List<String> segments,
            Map<String, String> query,
            String authorization,
            String from,
            String caller,
            byte[] body) {}

    record Response(int status, String type, byte[] body) {}

    private record Found(Route route, List<String> variable) {}

    private final List<Route> routes;
    private final Tokens tokens;
    private final AuditLog audit;
    private final Optional<Health> health;
    private final Executor executor;
    /** Answers health checks, which take no time and wait for nothing. */
    private final Executor forHealth;

    /**
     * Creates the answers.
     *
     * @param health answers without a token; empty for the listener of this machine, where every request needs one
     */
    Requests(
            List<Route> routes,
            Tokens tokens,
            AuditLog audit,
            Optional<Health> health,
            Executor executor,
            Executor forHealth) {
        this.routes = List.copyOf(routes);
        this.tokens = tokens;
        this.audit = audit;
        this.health = health;
        this.executor = executor;
        this.forHealth = forHealth;
    }

    /**
     * Returns whether a request asks if the node lives or is ready.
     *
     * @param segments of the path
     */
    static boolean isHealth(List<String> segments) {
        return segments.size() == 1 && HEALTH.contains(segments.get(0));
    }

    /** Answers a request. The stage never fails: a failure becomes an answer, too. */
    CompletionStage<Response> answer(Request request) {
        return CompletableFuture.supplyAsync(() -> request, isHealth(request.segments()) ? forHealth : executor)
                .thenCompose(this::perform)
                .exceptionally(failure -> error(failure));
    }

    /** Answers a call from within this process for the holder of a token, who was checked before. Never fails, either. */
    CompletionStage<Response> answer(Request request, Token token) {
        return CompletableFuture.supplyAsync(() -> request, executor)
                .thenCompose(asked -> perform(asked, token))
                .exceptionally(failure -> error(failure));
    }

    private CompletionStage<Response> perform(Request request) {
        List<String> segments = request.segments();
        // HEAD is handled like GET; the HTTP layer omits the body (RFC 9110, section 9.3.2).
        String method = request.method().equals("HEAD") ? "GET" : request.method();
        if (segments.size() == 1 && health.isPresent()) {
            return CompletableFuture.completedFuture(open(health.get(), method, segments.get(0)));
        }
        if (segments.size() < 3 || !segments.subList(0, 2).equals(API)) {
            throw ApiException.notFound("there is nothing here");
        }
        Token token = tokens.of(request.authorization())
                .orElseThrow(() -> new ApiException(401, "unauthorized", "a valid token is needed"));
        return perform(request, token);
    }

    private CompletionStage<Response> perform(Request request, Token token) {
        String method = request.method().equals("HEAD") ? "GET" : request.method();
        List<String> segments = request.segments();
        Found found = find(method, segments.subList(2, segments.size()));
        CompletionStage<JsonNode> result =
                CompletableFuture.completedFuture(request).thenCompose(asked -> call(found, token, asked));
        return (found.route().isChange() ? audited(found, token, request, result) : result)
                .thenApplyAsync(json -> json(200, json), executor);
    }

    private CompletionStage<JsonNode> call(Found found, Token token, Request request) {
        Route route = found.route();
        if (!token.role().includes(route.role())) {
            throw new ApiException(
                    403,
                    "forbidden",
                    "the token " + token.name() + " is not one of the role "
                            + route.role().text());
        }
        Call call = new Call(found.variable(), request.query(), parsed(request.body()), caller(token, request));
        route.check(call);
        return route.perform().apply(call);
    }

    private CompletionStage<JsonNode> audited(
            Found found, Token token, Request request, CompletionStage<JsonNode> result) {
        return result.whenComplete((done, failure) -> audit.record(
                caller(token, request),
                isCommand(token, request) ? Caller.PLACE : request.from(),
                found.route().action(),
                target(found, request),
                failure == null ? Json.list(done.path(CHANGED)) : List.of(),
                failure == null ? "ok" : told(failure).forAudit()));
    }

    /** Returns true for a command of this machine, which names its caller. */
    private boolean isCommand(Token token, Request request) {
        return tokens.isLocal(token) && !request.caller().isEmpty();
    }

    private String caller(Token token, Request request) {
        return isCommand(token, request) ? request.caller() : token.name();
    }

    private static String target(Found found, Request request) {
        try {
            return found.route().target().apply(new Call(found.variable(), Map.of(), parsed(request.body()), ""));
        } catch (ApiException | JsonException notReadable) {
            return "";
        }
    }

    private static JsonObject parsed(byte[] body) {
        return JsonObject.parse(new String(body, StandardCharsets.UTF_8));
    }

    private Found find(String method, List<String> segments) {
        List<String> others = new ArrayList<>();
        for (Route route : routes) {
            Optional<List<String>> variable = route.match(segments);
            if (variable.isPresent() && route.method().equals(method)) {
                return new Found(route, variable.get());
            }
            variable.ifPresent(matched -> others.add(route.method()));
        }
        throw others.isEmpty()
                ? ApiException.notFound("there is nothing here")
                : new ApiException(405, "method-not-allowed", "use " + String.join(" or ", others));
    }

    private static Response open(Health health, String method, String what) {
        if (!method.equals("GET")) {
            throw new ApiException(405, "method-not-allowed", "use GET");
        }
        return switch (what) {
            case "live" -> json(200, Json.object().put("live", true));
            case "ready" -> ready(health.unready());
            case "metrics" -> new Response(200, PROMETHEUS, health.metrics().getBytes(StandardCharsets.UTF_8));
            default -> throw ApiException.notFound("there is nothing here");
        };
    }

    private static Response ready(List<String> unready) {
        ObjectNode json = Json.object().put("ready", unready.isEmpty());
        json.set("reasons", Json.texts(unready));
        return json(unready.isEmpty() ? 200 : 503, json);
    }

    private static Response error(Throwable failure) {
        ApiException error = told(failure);
        if (error.status() == FAILED || cause(failure) instanceof DatabaseException) {
            LOG.warn("a request of an operator failed", cause(failure));
        }
        return json(error.status(), Json.error(error.code(), error.text()));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Returns the error for the caller. It hides the details of an unexpected failure. */
    private static ApiException told(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof ApiException known) {
            return known;
        }
        if (cause instanceof JsonException json) {
            return ApiException.badRequest(String.valueOf(json.getMessage()));
        }
        if (cause instanceof DatabaseException) {
            return new ApiException(503, "unavailable", String.valueOf(cause.getMessage()));
        }
        if (cause instanceof TimeoutException) {
            return new ApiException(504, "timeout", "the cluster did not answer in time");
        }
        return new ApiException(FAILED, "failed", "the request failed; the log of this node says why");
    }

    private static Response json(int status, JsonNode json) {
        return new Response(status, JSON, (json + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static Response tooMany() {
        return json(503, Json.error("busy", "too many requests at once"));
    }

    static Response badBody(int status, String message) {
        return json(status, Json.error("bad-body", message));
    }

    /** Returns the first value of each parameter. */
    static Map<String, String> query(Iterable<Map.Entry<String, String>> pairs) {
        Map<String, String> query = new HashMap<>();
        pairs.forEach(pair -> query.putIfAbsent(pair.getKey(), pair.getValue()));
        return query;
    }
}
