package flotilla.ops.docs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import flotilla.ops.event.EventKind;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compares configuration keys that a page names with {@code reference.conf}. A key is {@code flotilla.a.b} anywhere, or
 * code such as {@code limits.line} whose first name is one of the configuration. Names of files, of Java's packages and
 * classes, and of system properties for tests are no keys.
 */
final class KeysInDocs {
    private static final Pattern WHOLE = Pattern.compile("(?<![\\w./@-])flotilla(\\.[A-Za-z][\\w-]*)+");
    private static final Pattern SHORT = Pattern.compile("([a-z][a-z-]*(?:\\.[a-z][a-z-]*)+)(?: = .*)?");
    private static final Pattern FILE =
            Pattern.compile(".*\\.(conf|pem|key|db|log|json|service|yaml|nft|dump|cfg|md|jar)");
    /** A logger, an attribute of members, and properties that tests and builds read. */
    private static final Set<String> OTHERS = Set.of(
            "flotilla.trace", "flotilla.holds", "flotilla.load.seed", "flotilla.write-docs", "flotilla.train-seconds");
    /** Names below these are the operator's. */
    private static final List<String> OPEN = List.of(
            "flotilla.storage.stores.",
            "flotilla.authenticators.named.",
            "flotilla.hooks.named.",
            "flotilla.events.targets.");

    private final Config reference =
            ConfigFactory.parseResources(KeysInDocs.class.getClassLoader(), "flotilla/reference.conf");

    /** Keys in a text that there are not. */
    List<String> unknown(String text) {
        List<String> unknown = new ArrayList<>();
        Matcher whole = WHOLE.matcher(text);
        while (whole.find()) {
            if (!isKnown(whole.group())) {
                unknown.add(whole.group());
            }
        }
        return unknown;
    }

    /** The same of code within a text, which may leave out {@code flotilla}. */
    List<String> unknownShort(String code) {
        Matcher key = SHORT.matcher(code);
        boolean isKey = key.matches()
                && !code.startsWith("flotilla.")
                && reference.hasPath("flotilla." + key.group(1).replaceFirst("\\..*", ""));
        return isKey && !isKnown("flotilla." + key.group(1)) ? List.of(key.group(1)) : List.of();
    }

    /** Keys that there are not in an example of a configuration file, which begins by opening {@code flotilla}. */
    List<String> unknownIn(String example) {
        try {
            return ConfigFactory.parseString(example).entrySet().stream()
                    .map(Map.Entry::getKey)
                    .filter(key -> !isKnown(key))
                    .toList();
        } catch (ConfigException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private boolean isKnown(String key) {
        return reference.hasPathOrNull(key)
                || OPEN.stream().anyMatch(key::startsWith)
                || OTHERS.contains(key)
                || EventKind.named(key.substring("flotilla.".length())).isPresent() // the type of an event
                || FILE.matcher(key).matches()
                || isJava(key);
    }

    /** A package or a class of one of the modules. */
    private static boolean isJava(String key) {
        String path = key.replace('.', '/');
        return Stream.of("storage", "cluster", "node", "ops")
                .map(module -> Page.ROOT.resolve(module).resolve("src/main/java"))
                .anyMatch(java -> Files.exists(java.resolve(path)) || Files.exists(java.resolve(path + ".java")));
    }
}
