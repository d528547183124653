package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Something the API does.
 *
 * @param path segments below {@code /api/v1}; {@code *} stands for any
 * @param parameters names that may be in the query
 * @param action for the audit; empty when nothing is changed
 * @param target what is changed, for the audit
 */
record Route(
        String method,
        List<String> path,
        Set<String> parameters,
        String action,
        Function<Call, String> target,
        Function<Call, CompletionStage<JsonNode>> perform) {

    /** A route that only looks. */
    static Route get(String path, Set<String> parameters, Function<Call, CompletionStage<JsonNode>> perform) {
        return new Route("GET", List.of(path.split("/")), parameters, "", call -> "", perform);
    }

    /** A route that changes something, for operators. */
    static Route change(
            String method,
            String path,
            String action,
            Function<Call, String> target,
            Function<Call, CompletionStage<JsonNode>> perform) {
        return new Route(method, List.of(path.split("/")), Set.of(), action, target, perform);
    }

    boolean isChange() {
        return !action.isEmpty();
    }

    Role role() {
        return isChange() ? Role.OPERATOR : Role.VIEWER;
    }

    /** The variable segments, if the path is this route's. */
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
