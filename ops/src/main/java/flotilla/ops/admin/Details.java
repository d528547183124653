package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;

/**
 * What a route tells about a call beside its answer: the version of the object, and how the object was before a change
 * and is after it. Never with secrets. One thread at a time uses it.
 */
final class Details {
    private String tag = "";
    private ObjectNode before = Json.object();
    private ObjectNode after = Json.object();

    /** Tells the entity tag of the object of the answer. */
    void version(String now) {
        tag = now;
    }

    /** Returns the entity tag; empty when the answer has none. */
    String tag() {
        return tag;
    }

    /** Tells how the object was. Not called for one that is new. */
    void before(ObjectNode object) {
        before = object;
    }

    /** Tells how the object is now. Not called for one that is gone. */
    void after(ObjectNode object) {
        after = object;
    }

    /** Returns how the fields were that have changed. */
    ObjectNode changedBefore() {
        return difference(before, after);
    }

    /** Returns how the fields are that have changed. */
    ObjectNode changedAfter() {
        return difference(after, before);
    }

    private static ObjectNode difference(ObjectNode all, ObjectNode other) {
        ObjectNode different = Json.object();
        all.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (!Objects.equals(value, other.get(field.getKey()))) {
                different.set(field.getKey(), value);
            }
        });
        return different;
    }
}
