package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.cluster.accounts.DatabaseException;
import flotilla.ops.admin.TokenFile.Token;
import flotilla.ops.json.JsonException;
import flotilla.ops.json.JsonObject;
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
 * Answers requests: checks the token, finds the route, checks the role, acts and has changes recorded. It runs on
 * threads of its own and is independent of the HTTP library.
 */
final class Requests {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
    private static final String JSON = "application/json";
    private static final int NOT_MODIFIED = 304;
    private static final int FAILED = 500;
    /** Field of an answer with the names of the changed fields. */
    static final String CHANGED = "changed";

    private static final List<String> API = List.of("api", "v1");

    /**
     * A request.
     *
     * @param segments of the path, decoded
     * @param authorization header of that name; empty without one
     * @param from address of the caller
     * @param caller user that a command reports as its own; empty without one
     * @param conditions what must hold for the object
     */
    record Request(
            String method,
            List<String> segments,
            Map<String, String> query,
            String authorization,
            String from,
            String caller,
            Conditions conditions,
            byte[] body) {
        /** Returns the path, for the body of an error. */
        private String path() {
            return '/' + String.join("/", segments);
        }
    }

    /**
     * An answer.
     *
     * @param headers beside those that every answer has, by name
     */
    record Response(int status, String type, byte[] body, Map<String, String> headers) {
        static Response json(int status, JsonNode json) {
            return json(status, JSON, json, Map.of());
        }

        static Response json(int status, String type, JsonNode json, Map<String, String> headers) {
            return new Response(status, type, (json + "\n").getBytes(StandardCharsets.UTF_8), headers);
        }
    }

    private record Found(Route route, List<String> variable) {}

    private final List<Route> routes;
    private final Access access;
    private final AuditTrail audit;
    private final Optional<HealthAnswers> health;
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
        this.access = new Access(tokens);
        this.audit = new AuditTrail(audit, access);
        this.health = health.map(HealthAnswers::new);
        this.executor = executor;
        this.forHealth = forHealth;
    }

    /** Answers a request. The stage never fails: a failure becomes an answer, too. */
    CompletionStage<Response> answer(Request request) {
        return CompletableFuture.supplyAsync(
                        () -> request, HealthAnswers.isHealth(request.segments()) ? forHealth : executor)
                .thenCompose(this::perform)
                .exceptionally(failure -> error(failure, request.path()));
    }

    /** Answers a call from within this process for the holder of a token, who was checked before. Never fails, either. */
    CompletionStage<Response> answer(Request request, Token token) {
        return CompletableFuture.supplyAsync(() -> request, executor)
                .thenCompose(asked -> perform(asked, token))
                .exceptionally(failure -> error(failure, request.path()));
    }

    private CompletionStage<Response> perform(Request request) {
        List<String> segments = request.segments();
        // HEAD is handled like GET; the HTTP layer omits the body (RFC 9110, section 9.3.2).
        String method = request.method().equals("HEAD") ? "GET" : request.method();
        if (segments.size() == 1 && health.isPresent()) {
            return CompletableFuture.completedFuture(health.get().answer(method, segments.get(0)));
        }
        if (segments.size() < 3 || !segments.subList(0, 2).equals(API)) {
            throw ApiException.notFound("there is nothing here");
        }
        return perform(request, access.token(request));
    }

    private CompletionStage<Response> perform(Request request, Token token) {
        String method = request.method().equals("HEAD") ? "GET" : request.method();
        List<String> path = request.segments().subList(2, request.segments().size());
        Found found = find(method, path);
        Details details = new Details();
        CompletionStage<JsonNode> result = CompletableFuture.completedFuture(request)
                .thenCompose(asked -> call(found, token, asked, path, details));
        return (found.route().isChange() ? recorded(found, token, request, details, result) : result)
                .thenApplyAsync(json -> answered(json, method, request, details), executor);
    }

    private CompletionStage<JsonNode> call(
            Found found, Token token, Request request, List<String> path, Details details) {
        Route route = found.route();
        access.check(token, route, path);
        if (route.isChange()) {
            audit.require();
        }
        Call call = new Call(
                found.variable(),
                request.query(),
                parsed(request.body()),
                access.who(token, request),
                request.conditions(),
                details);
        route.check(call);
        return route.perform().apply(call);
    }

    private CompletionStage<JsonNode> recorded(
            Found found, Token token, Request request, Details details, CompletionStage<JsonNode> result) {
        return result.handle((done, failure) -> failure == null
                        ? audit.done(token, request, found.route().action(), target(found, request), details, done)
                        : audit.refused(token, request, found.route().action(), target(found, request), told(failure))
                                .thenCompose(written -> CompletableFuture.<JsonNode>failedFuture(cause(failure))))
                .thenCompose(stage -> stage);
    }

    private static Response answered(JsonNode json, String method, Request request, Details details) {
        if (details.tag().isEmpty()) {
            return Response.json(200, json);
        }
        Map<String, String> headers = Map.of("ETag", details.tag());
        return method.equals("GET") && request.conditions().isKnown(details.tag())
                ? new Response(NOT_MODIFIED, JSON, new byte[0], headers)
                : Response.json(200, JSON, json, headers);
    }

    private static String target(Found found, Request request) {
        try {
            return found.route()
                    .target()
                    .apply(new Call(
                            found.variable(), Map.of(), parsed(request.body()), "", Conditions.NONE, new Details()));
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
        throw others.isEmpty() ? ApiException.notFound("there is nothing here") : ApiException.otherMethod(others);
    }

    private static Response error(Throwable failure, String path) {
        ApiException error = told(failure);
        if (error.status() == FAILED || cause(failure) instanceof DatabaseException) {
            LOG.warn("a request of an operator failed", cause(failure));
        }
        return problem(error, path);
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

    private static Response problem(ApiException error, String path) {
        return Response.json(error.status(), Problem.TYPE, Problem.of(error, path), error.headers());
    }

    static Response tooMany() {
        return problem(new ApiException(503, "busy", "too many requests at once"), "");
    }

    static Response badBody(int status, String message) {
        return problem(new ApiException(status, "bad-body", message), "");
    }

    /** Returns the first value of each parameter. */
    static Map<String, String> query(Iterable<Map.Entry<String, String>> pairs) {
        Map<String, String> query = new HashMap<>();
        pairs.forEach(pair -> query.putIfAbsent(pair.getKey(), pair.getValue()));
        return query;
    }
}
