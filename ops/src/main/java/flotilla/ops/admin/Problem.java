package flotilla.ops.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The body of an error (RFC 9457). {@code code} names the kind of the problem for programs, and {@code message} repeats
 * {@code detail} for clients of older releases.
 */
final class Problem {
    /** The type of such a body. */
    static final String TYPE = "application/problem+json";

    private static final String TYPES = ApiDocument.URL + "#/components/x-problems/";

    private Problem() {}

    /**
     * Writes an error.
     *
     * @param instance path of the request; empty when it is not known
     */
    static ObjectNode of(ApiException error, String instance) {
        ObjectNode json = Json.object()
                .put("type", TYPES + error.code())
                .put("title", ApiDocument.shared().title(error.code()))
                .put("status", error.status())
                .put("detail", error.text());
        if (!instance.isEmpty()) {
            json.put("instance", instance);
        }
        return json.put("code", error.code()).put("message", error.text());
    }
}
