package flotilla.ops.extension;

import com.typesafe.config.Config;

/**
 * An extension in the configuration.
 *
 * @param name its name in the configuration
 * @param type the type of its provider
 * @param settings all keys of its object; only its provider knows them
 */
public record Extension(String name, String type, Config settings) {
    @Override
    public String toString() { // without the settings, which may hold a secret
        return "Extension[" + name + ", " + type + "]";
    }
}
