package flotilla.ops.extension;

import com.typesafe.config.Config;

/**
 * An extension as the configuration names it.
 *
 * @param name its name in the configuration
 * @param type the type of the provider that makes it
 * @param settings all keys of its object; only its provider knows them
 */
public record Extension(String name, String type, Config settings) {
    @Override
    public String toString() { // settings may hold a secret
        return "Extension[" + name + ", " + type + "]";
    }
}
