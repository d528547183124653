package flotilla.ops.config;

import com.typesafe.config.ConfigOrigin;
import org.jspecify.annotations.Nullable;

/**
 * Something wrong in the configuration.
 *
 * @param where file and line, or how it was given
 * @param key full name, empty when the file as a whole is meant
 */
public record ConfigProblem(String where, String key, String text) {

    static ConfigProblem at(@Nullable ConfigOrigin origin, String key, String text) {
        return new ConfigProblem(origin == null ? "" : describe(origin), key, text);
    }

    private static String describe(ConfigOrigin origin) {
        String file = origin.filename() != null ? origin.filename() : origin.description();
        return origin.lineNumber() > 0 ? file + ":" + origin.lineNumber() : file;
    }

    @Override
    public String toString() {
        String prefix = where.isEmpty() ? "" : where + ": ";
        return prefix + (key.isEmpty() ? "" : key + ": ") + text;
    }
}
