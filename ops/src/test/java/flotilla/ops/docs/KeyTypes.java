package flotilla.ops.docs;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import flotilla.ops.config.ConfigException;
import flotilla.ops.config.Configuration;
import flotilla.ops.docs.ConfigurationPage.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The types of keys. A default tells only a part: {@code 65536} may be a number or a size, and an empty text may stand
 * for a flag. So the server reads each key with a value that only one of these types has.
 */
final class KeyTypes {
    private static final String SIZE = "4096k";
    /** Neither true nor false. It is an address, because some of these keys take one, and no name is looked up. */
    private static final String TEXT = "::1";

    private static final Pattern MEASURE = Pattern.compile("[0-9]+(ms|[smhdkg])");

    private final Map<String, String> problems;

    private KeyTypes(Map<String, String> problems) {
        this.problems = problems;
    }

    /** Asks the server for the types of all keys. */
    static KeyTypes of(List<Key> keys) {
        // Without this the server does not read passive.foreign-waiting.
        List<String> settings = new ArrayList<>(List.of("flotilla.passive.peer=tls"));
        for (Key key : keys) {
            if (isNumeric(key.value())) {
                settings.add("flotilla." + key.name() + "=" + SIZE);
            } else if ("".equals(key.value().unwrapped())) {
                settings.add("flotilla." + key.name() + "=" + TEXT);
            }
        }
        Map<String, String> problems = new HashMap<>();
        try {
            Configuration.load(Optional.empty(), Map.of(), settings);
        } catch (ConfigException refused) {
            refused.problems().forEach(problem -> problems.putIfAbsent(problem.key(), problem.text()));
        }
        return new KeyTypes(problems);
    }

    /** Whether a default is a number, or a number with a unit. */
    private static boolean isNumeric(ConfigValue value) {
        return value.valueType() == ConfigValueType.NUMBER || isMeasure(value);
    }

    /** Whether a default is a number with a unit. */
    static boolean isMeasure(ConfigValue value) {
        return MEASURE.matcher(value.unwrapped().toString()).matches();
    }

    String of(Key key) {
        String problem = problems.getOrDefault("flotilla." + key.name(), "");
        boolean isNumeric = isNumeric(key.value());
        return switch (key.value().valueType()) {
            case BOOLEAN -> "true/false";
            case LIST -> "list";
            case OBJECT -> "block";
            case NUMBER -> problem.isEmpty() ? "size" : "number";
            case STRING -> {
                if (isNumeric) {
                    yield problem.isEmpty() ? "size" : "duration";
                }
                yield problem.startsWith("has a value of the wrong kind") ? "true/false" : "text";
            }
            case NULL -> throw new IllegalStateException(key.name() + " has no default");
        };
    }
}
