package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A request that the API answers.
 *
 * @param method of HTTP
 * @param path segments below {@code /api/v1}; {@code *} stands for any
 * @param role the least role that may ask
 * @param names keys that may be in the query of a GET, and in the body of any other request
 * @param action name for the audit log; empty when nothing changes
 * @param target the object of the change, for the audit log
 * @param conditional whether the change heeds {@link Conditions}; any other change refuses them
 * @param perform does it
 */
record Route(
        String method,
        List<String> path,
        Role role,
        Set<String> names,
        String action,
        Function<Call, String> target,
        boolean conditional,
        Function<Call, CompletionStage<JsonNode>> perform) {

    /** Returns a route that only reads, for viewers. */
    static Route get(String path, Set<String> names, Function<Call, CompletionStage<JsonNode>> perform) {
        return new Route("GET", List.of(path.split("/")), Role.VIEWER, names, "", call -> "", false, perform);
    }

    /** Returns a route that changes something, for operators. */
    static Route change(
            String method,
            String path,
            Set<String> names,
            String action,
            Function<Call, String> target,
            Function<Call, CompletionStage<JsonNode>> perform) {
        return new Route(method, List.of(path.split("/")), Role.OPERATOR, names, action, target, false, perform);
    }

    /** Returns the same route for another role. */
    Route needing(Role other) {
        return new Route(method, path, other, names, action, target, conditional, perform);
    }

    /** Returns the same route as one that heeds {@link Conditions}. */
    Route heeding() {
        return new Route(method, path, role, names, action, target, true, perform);
    }

    boolean isChange() {
        return !action.isEmpty();
    }

    /**
     * Refuses unknown parameters and keys.
     *
     * @throws ApiException status 400
     */
    void check(Call call) {
        Set<String> inQuery = method.equals("GET") ? names : Set.of();
        for (String name : call.query().keySet()) {
            if (!inQuery.contains(name)) {
                throw ApiException.badRequest("unknown parameter " + name);
            }
        }
        if (isChange() && !conditional && !call.conditions().isEmpty()) {
            throw ApiException.badRequest("If-Match and If-None-Match have no meaning for this request");
        }
        call.body().only(method.equals("GET") ? Set.of() : names);
    }

    /** Returns the variable segments if the path belongs to this route; empty otherwise. */
    Optional<List<String>> match(List<String> segments) {
        if (segments.size() != path.size()) {
            return Optional.empty();
        }
        List<String> variable = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            if (path.get(i).equals("*")) {
                variable.add(segments.get(i));
            } else if (!path.get(i).equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variable);
    }
}
