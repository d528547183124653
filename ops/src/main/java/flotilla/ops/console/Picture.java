package flotilla.ops.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a live page shows at a moment.
 *
 * @param rows HTML of each row of its list by the row's id, in order
 * @param parts HTML of everything else that changes, by its id
 * @param numbers the next point of its charts; empty without charts
 */
record Picture(LinkedHashMap<String, String> rows, Map<String, String> parts, List<Double> numbers) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    Picture {
        parts = Map.copyOf(parts);
        numbers = List.copyOf(numbers);
    }

    /** Returns all of it, for a page that has just opened. */
    String whole() {
        ObjectNode json = JSON.objectNode().put("whole", true);
        set(json, rows, Map.of());
        order(json);
        parts(json, Map.of());
        return json.toString();
    }

    /** Returns what a page must change that shows another picture; empty for nothing. */
    Optional<String> since(Picture before) {
        ObjectNode json = JSON.objectNode();
        set(json, rows, before.rows);
        List<String> gone = new ArrayList<>(before.rows.keySet());
        gone.removeAll(rows.keySet());
        if (!gone.isEmpty()) {
            ArrayNode array = json.putArray("gone");
            gone.forEach(array::add);
        }
        List<String> kept = new ArrayList<>(before.rows.keySet());
        kept.retainAll(rows.keySet());
        if (!kept.equals(List.copyOf(rows.keySet()))) {
            order(json);
        }
        parts(json, before.parts);
        if (!numbers.isEmpty()) {
            ArrayNode array = json.putArray("numbers");
            numbers.forEach(array::add);
        }
        return json.isEmpty() ? Optional.empty() : Optional.of(json.toString());
    }

    private static void set(ObjectNode json, Map<String, String> now, Map<String, String> before) {
        ObjectNode set = JSON.objectNode();
        now.forEach((id, html) -> {
            if (!html.equals(before.get(id))) {
                set.put(id, html);
            }
        });
        if (!set.isEmpty()) {
            json.set("set", set);
        }
    }

    private void order(ObjectNode json) {
        ArrayNode order = json.putArray("order");
        rows.keySet().forEach(order::add);
    }

    private void parts(ObjectNode json, Map<String, String> before) {
        ObjectNode changed = JSON.objectNode();
        parts.forEach((id, html) -> {
            if (!html.equals(before.get(id))) {
                changed.put(id, html);
            }
        });
        if (!changed.isEmpty()) {
            json.set("parts", changed);
        }
    }
}
