package flotilla.ops.docs;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import flotilla.ops.config.LiveKeys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the tables of docs/reference/configuration.md from {@code reference.conf}: a part for each section. */
final class ConfigurationPage {
    /** The part of the keys that are in no section. */
    private static final String GENERAL = "general";

    private static final List<String> HEADING = List.of("key", "type", "default", "live", "meaning");

    /** A key, or a block of keys, without {@code flotilla.} before its name. */
    record Key(String name, ConfigValue value) {
        String section() {
            return name.contains(".") ? name.replaceFirst("\\..*", "") : GENERAL;
        }

        /** Whether it is a block that holds keys. */
        boolean isBlock() {
            return value instanceof ConfigObject block && !block.isEmpty();
        }

        /** Returns the comment of the file as one line; empty when there is none. */
        String comment() {
            return value.origin().comments().stream().map(String::strip).collect(Collectors.joining(" "));
        }
    }

    private final List<Key> keys = new ArrayList<>();
    private final List<Key> blocks = new ArrayList<>();
    private final KeyTypes types;

    private ConfigurationPage() {
        collect(
                "",
                ConfigFactory.parseResources(ConfigurationPage.class.getClassLoader(), "flotilla/reference.conf")
                        .getObject("flotilla"));
        keys.sort(Comparator.comparingInt(key -> key.value().origin().lineNumber()));
        blocks.sort(Comparator.comparing(Key::name));
        types = KeyTypes.of(keys);
    }

    private void collect(String prefix, ConfigObject block) {
        block.forEach((name, value) -> {
            Key key = new Key(prefix + name, value);
            if (key.isBlock()) {
                blocks.add(key);
                collect(key.name() + ".", (ConfigObject) value);
            } else {
                keys.add(key);
            }
        });
    }

    /**
     * Returns the page with its tables written anew.
     *
     * @throws IllegalStateException when the page does not have a part for each section, in the order of the file
     */
    static String written(String page) {
        ConfigurationPage configuration = new ConfigurationPage();
        List<String> parts = MarkedParts.names(page);
        if (!parts.equals(configuration.sections())) {
            throw new IllegalStateException("docs/reference/configuration.md has the parts " + parts
                    + ", and reference.conf has the sections " + configuration.sections());
        }
        return MarkedParts.written(page, configuration::section);
    }

    private List<String> sections() {
        return Stream.concat(Stream.of(GENERAL), keys.stream().map(Key::section))
                .distinct()
                .toList();
    }

    private String section(String name) {
        List<List<String>> rows = keys.stream()
                .filter(key -> key.section().equals(name))
                .map(this::row)
                .toList();
        String introduction = blocks.stream()
                .filter(block -> block.name().equals(name))
                .map(block -> Markdown.wrapped("", commentOf(block)))
                .collect(Collectors.joining());
        String inner = blocks.stream()
                .filter(block ->
                        block.name().startsWith(name + ".") && !block.comment().isEmpty())
                .map(block -> Markdown.wrapped("- ", Markdown.code(block.name()) + ": " + block.comment()))
                .collect(Collectors.joining());
        return Markdown.blocks(Stream.of(introduction, inner, Markdown.table(HEADING, rows)));
    }

    private List<String> row(Key key) {
        return List.of(
                Markdown.code(key.name()),
                types.of(key),
                Markdown.code(asInFile(key.value())),
                effect(key),
                commentOf(key));
    }

    private static String effect(Key key) {
        return switch (LiveKeys.of("flotilla." + key.name())) {
            case LIVE -> "set";
            case RELOAD -> "reload";
            case RESTART -> "";
        };
    }

    private static String commentOf(Key key) {
        if (key.comment().isEmpty()) {
            throw new IllegalStateException("reference.conf has no comment above " + key.name());
        }
        return key.comment();
    }

    /** Returns a default as the file has it. */
    private static String asInFile(ConfigValue value) {
        if (value instanceof List<?> list) {
            return list.stream().map(item -> asInFile((ConfigValue) item)).collect(Collectors.joining(", ", "[", "]"));
        }
        return value.valueType() == ConfigValueType.STRING && KeyTypes.isMeasure(value)
                ? value.unwrapped().toString()
                : value.render(ConfigRenderOptions.concise());
    }
}
