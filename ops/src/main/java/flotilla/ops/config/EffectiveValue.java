package flotilla.ops.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The value of a key that counts.
 *
 * @param key such as {@code flotilla.limits.max-sessions}
 * @param value as a configuration file has it; secrets are {@code ***}
 * @param source where it was given: {@code default}, a file with its line, an environment variable, or {@code --set}
 */
public record EffectiveValue(String key, String value, String source) {
    static final String DEFAULT = "default";

    /** Most characters of a value that is shown whole in a list. */
    private static final int LONG = 200;

    /** A field with a secret within a list, such as the password of an additional certificate. */
    private static final Pattern FIELD = Pattern.compile("(\"[^\"]*password\"\\s*:\\s*)\"(?:[^\"\\\\]|\\\\.)*\"");

    private static final String HIDDEN = "***";
    private static final String REFERENCE = "reference.conf";

    /** Returns the values of all keys, by name. */
    static List<EffectiveValue> of(Config merged) {
        return merged.entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(EffectiveValue::key))
                .toList();
    }

    private static EffectiveValue of(String key, ConfigValue value) {
        return new EffectiveValue(key, shown(key, value), source(value.origin()));
    }

    /** Values that are or may hold secrets are not shown: of extensions, nobody here knows which ones are. */
    private static String shown(String key, ConfigValue value) {
        String text = value.render(ConfigRenderOptions.concise());
        boolean extension = ExtensionKeys.NAMED.stream().anyMatch(named -> key.startsWith(named + "."))
                        && !key.endsWith(".type")
                        && !key.endsWith(".root")
                || key.equals("flotilla.alerts.webhook.url") && !text.equals("\"\"");
        if (extension || (key.endsWith("password") && !text.equals("\"\""))) {
            return HIDDEN;
        }
        return FIELD.matcher(text)
                .replaceAll("$1\"" + HIDDEN + "\"")
                .replaceAll("(?i)(password=)[^&;\"]*", "$1" + HIDDEN)
                .replaceAll("(//[^/:@\"]*:)[^@/\"]*@", "$1" + HIDDEN + "@");
    }

    private static String source(ConfigOrigin origin) {
        String file = origin.filename();
        if (file != null) {
            return file.endsWith(REFERENCE)
                    ? DEFAULT
                    : file + (origin.lineNumber() > 0 ? ":" + origin.lineNumber() : "");
        }
        String text = origin.description();
        return text.contains(REFERENCE) ? DEFAULT : text.split("=", 2)[0];
    }

    /** Returns the values whose key begins with this text, with or without {@code flotilla.}. */
    public static List<EffectiveValue> below(List<EffectiveValue> all, String begin) {
        String whole = begin.startsWith("flotilla") ? begin : "flotilla." + begin;
        return all.stream().filter(one -> one.key().startsWith(whole)).toList();
    }

    /** Returns the same with a digest in place of the end of a long value, so that values can be compared. */
    public EffectiveValue shortened() {
        if (value.length() <= LONG) {
            return this;
        }
        String digest = Integer.toHexString(value.hashCode());
        return new EffectiveValue(
                key,
                value.substring(0, LONG / 2) + "… (" + value.length() + " characters, hash " + digest + ")",
                source);
    }

    /** Returns true when nobody gave the value. */
    public boolean isDefault() {
        return source.equals(DEFAULT);
    }
}
