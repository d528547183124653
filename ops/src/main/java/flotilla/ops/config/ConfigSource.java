package flotilla.ops.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import flotilla.cluster.Overrides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Merges the configuration. A value that holds on every node overrides {@code --set}, {@code --set} overrides the
 * environment, the environment overrides the file, and the file overrides the defaults in {@code reference.conf}.
 */
final class ConfigSource {
    /** Begins the place of a value that holds on every node. */
    static final String OVERRIDE = "flotilla set";

    private static final String ROOT = "flotilla";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,255}");

    private final List<ConfigProblem> problems;
    private final Config reference;

    ConfigSource(List<ConfigProblem> problems) {
        this.problems = problems;
        this.reference = ConfigFactory.parseResources(
                        ConfigSource.class.getClassLoader(),
                        "flotilla/reference.conf",
                        ConfigParseOptions.defaults().setAllowMissing(false))
                .resolve();
    }

    /** Returns the merged configuration, and notes problems. */
    Config load(Sources sources) {
        Config given = sources.file().map(this::parse).orElseGet(ConfigFactory::empty);
        checkKeys(given);
        return settings(sources.settings())
                .withFallback(environment(sources.environment()))
                .withFallback(given)
                .withFallback(reference)
                .resolve(ConfigResolveOptions.defaults());
    }

    /**
     * Puts the values that hold on every node above a merged configuration, and notes problems.
     *
     * @param overrides values by key; each key exists
     */
    Config above(Config merged, Map<String, Overrides.Value> overrides) {
        return overrides(overrides).withFallback(merged);
    }

    /** Describes a key that does not exist; empty when it does. */
    Optional<String> unknown(String key) {
        if (!NAME.matcher(key).matches()) {
            return Optional.of("a key has only letters, digits, dots and hyphens: " + key);
        }
        return isKnown(key) && !isBlock(key) ? Optional.empty() : Optional.of("unknown key " + key + suggestion(key));
    }

    private Config overrides(Map<String, Overrides.Value> overrides) {
        Config config = ConfigFactory.empty();
        for (Map.Entry<String, Overrides.Value> entry : overrides.entrySet()) {
            Overrides.Value value = entry.getValue();
            config =
                    with(config, entry.getKey(), value.value(), OVERRIDE + ", by " + value.by() + ", " + value.since());
        }
        return config;
    }

    private Config parse(Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            problems.add(new ConfigProblem(file.toString(), "", "cannot be read"));
            return ConfigFactory.empty();
        }
        try {
            return ConfigFactory.parseFile(
                            file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
                    .resolve();
        } catch (com.typesafe.config.ConfigException e) {
            problems.add(ConfigProblem.at(e.origin(), "", unclosed(file).orElse(String.valueOf(e.getMessage()))));
            return ConfigFactory.empty();
        }
    }

    private static Optional<String> unclosed(Path file) {
        try {
            OptionalInt line = OpenBlock.line(Files.readString(file));
            return line.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            "the file ends within a block: the { or [ in line " + line.getAsInt() + " is never closed");
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void checkKeys(Config given) {
        for (Map.Entry<String, ConfigValue> entry : given.root().entrySet()) {
            if (!entry.getKey().equals(ROOT)) {
                problems.add(ConfigProblem.at(
                        entry.getValue().origin(), entry.getKey(), "unknown key: all keys begin with flotilla."));
            }
        }
        for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
            String key = entry.getKey();
            if (key.startsWith(ROOT + ".") && !isKnown(key)) {
                problems.add(ConfigProblem.at(entry.getValue().origin(), key, "unknown key" + suggestion(key)));
            }
        }
    }

    private boolean isBlock(String key) {
        return reference.hasPath(key) && reference.getValue(key).valueType() == ConfigValueType.OBJECT;
    }

    private boolean isKnown(String key) {
        return reference.hasPathOrNull(key)
                || ExtensionKeys.NAMED.stream().anyMatch(named -> key.startsWith(named + "."));
    }

    /** Looks first for the key where it belongs, then for a slip in its last part, then for one anywhere. */
    private String suggestion(String key) {
        int dot = key.lastIndexOf('.') + 1;
        String last = key.substring(dot);
        return keys().stream()
                .filter(known -> known.endsWith("." + last))
                .findFirst()
                .or(() -> Suggestion.nearest(
                                last,
                                keys().stream()
                                        .filter(known -> known.startsWith(key.substring(0, dot)))
                                        .map(known -> known.substring(dot))
                                        .toList())
                        .map(near -> key.substring(0, dot) + near))
                .map(known -> ", did you mean " + known + "?")
                .orElseGet(() -> Suggestion.of(key, keys()));
    }

    /** Returns a warning for each environment variable that looks like one of ours and sets nothing. */
    List<String> unknownVariables(Map<String, String> environment) {
        return Variables.unknown(environment, keys());
    }

    private List<String> keys() {
        return reference.entrySet().stream().map(Map.Entry::getKey).sorted().toList();
    }

    private Config environment(Map<String, String> environment) {
        Config config = ConfigFactory.empty();
        for (String key : keys()) {
            String variable = Variables.of(key);
            String value = environment.get(variable);
            if (value != null) {
                config = with(config, key, value, "environment variable " + variable);
            }
        }
        return config;
    }

    private Config settings(List<String> settings) {
        Config config = ConfigFactory.empty();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String key = equals < 0 ? setting : setting.substring(0, equals).trim();
            if (equals < 0 || !isKnown(key)) {
                problems.add(new ConfigProblem(
                        "--set " + setting, key, equals < 0 ? "is not KEY=VALUE" : "unknown key" + suggestion(key)));
            } else {
                config = with(config, key, setting.substring(equals + 1).trim(), "--set " + setting);
            }
        }
        return config;
    }

    /**
     * Sets a value of the type that its default has. A text stays a text, and commas may separate the elements of a
     * list.
     */
    private Config with(Config config, String key, String value, String where) {
        ConfigValueType type = reference.hasPath(key) ? reference.getValue(key).valueType() : ConfigValueType.STRING;
        List<Object> items = new ArrayList<>();
        if (type == ConfigValueType.LIST && !value.startsWith("[")) {
            for (String item : value.split(",")) {
                if (!item.isBlank()) {
                    items.add(item.trim());
                }
            }
            return config.withValue(key, ConfigValueFactory.fromIterable(items, where));
        }
        if (type == ConfigValueType.LIST) {
            try {
                return config.withValue(
                        key,
                        ConfigFactory.parseString("v = " + value)
                                .resolve()
                                .getValue("v")
                                .withOrigin(ConfigOriginFactory.newSimple(where)));
            } catch (com.typesafe.config.ConfigException e) {
                problems.add(new ConfigProblem(where, key, "is not a list"));
                return config;
            }
        }
        return config.withValue(key, ConfigValueFactory.fromAnyRef(value, where));
    }
}
