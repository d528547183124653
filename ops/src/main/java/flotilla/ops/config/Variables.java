package flotilla.ops.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The environment variables of Flotilla: one for each key, and those of the launcher and the commands. */
final class Variables {
    private static final String PREFIX = "FLOTILLA_";
    private static final Set<String> OTHERS = Set.of(
            "FLOTILLA_CLASSPATH",
            "FLOTILLA_COMMAND",
            "FLOTILLA_CONFIG",
            "FLOTILLA_DEBUG",
            "FLOTILLA_JAVA_HOME",
            "FLOTILLA_JVM_EXTRA",
            "FLOTILLA_JVM_OPTIONS",
            "FLOTILLA_NO_ARCHIVE",
            "FLOTILLA_RESTART_ON_UPGRADE",
            "FLOTILLA_TOKEN",
            "FLOTILLA_TRAIN_SECONDS");
    /** What Kubernetes sets in each pod beside a service whose name begins with flotilla. */
    private static final Pattern KUBERNETES = Pattern.compile(
            "FLOTILLA_([A-Z0-9_]*_)?(SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)?)");

    private Variables() {}

    /** Returns the variable that sets a key. */
    static String of(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /**
     * Returns a warning for each variable that begins as ours do and sets nothing. Values are not shown.
     *
     * @param keys all keys that a variable can set
     */
    static List<String> unknown(Map<String, String> environment, Collection<String> keys) {
        Set<String> known = new TreeSet<>(OTHERS);
        keys.forEach(key -> known.add(of(key)));
        List<String> warnings = new ArrayList<>();
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(PREFIX)
                    && !known.contains(name)
                    && !KUBERNETES.matcher(name).matches()) {
                warnings.add("the environment variable " + name + " sets no key" + Suggestion.of(name, known));
            }
        }
        return warnings;
    }
}
