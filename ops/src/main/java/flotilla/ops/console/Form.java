package flotilla.ops.console;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The fields of a form, as browsers send it (application/x-www-form-urlencoded). */
record Form(Map<String, String> fields) {
    private static final int MOST_FIELDS = 100;

    Form {
        fields = Map.copyOf(fields);
    }

    /**
     * Reads a body.
     *
     * @throws IllegalArgumentException when it is no such form
     */
    static Form parse(byte[] body) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : new String(body, StandardCharsets.UTF_8).split("&", MOST_FIELDS)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.putIfAbsent(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return new Form(fields);
    }

    /** Returns whether a body is such a form. */
    static boolean isReadable(byte[] body) {
        try {
            return parse(body).fields().size() < MOST_FIELDS;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Returns a field without spaces around it; empty when there is none. */
    String text(String name) {
        return fields.getOrDefault(name, "").strip();
    }
}
