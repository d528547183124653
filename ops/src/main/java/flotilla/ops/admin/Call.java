package flotilla.ops.admin;

import flotilla.ops.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * A request that was let in.
 *
 * @param path the segments that matched each {@code *} of the route, in order
 * @param query parameters by name
 * @param body an empty object when there is none
 * @param by the name of the caller, as the audit log has it
 * @param conditions what must hold for the object
 * @param details receives what the route tells beside its answer
 */
record Call(
        List<String> path,
        Map<String, String> query,
        JsonObject body,
        String by,
        Conditions conditions,
        Details details) {
    /** Returns the first variable segment of the path. */
    String name() {
        return path.get(0);
    }

    String text(String name) {
        return query.getOrDefault(name, "");
    }

    int number(String name, int otherwise, int max) {
        String text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > max) {
            throw ApiException.badRequest(name + " must be a number between 1 and " + max);
        }
        return Integer.parseInt(text);
    }
}
