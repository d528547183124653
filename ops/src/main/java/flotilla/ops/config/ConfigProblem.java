package flotilla.ops.config;

import com.typesafe.config.ConfigOrigin;
import org.jspecify.annotations.Nullable;

/**
 * A problem in the configuration.
 *
 * @param where file and line, or another source of the value; empty when it is not known
 * @param key full name; empty when the problem concerns the whole file
 * @param text the problem, for people
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
