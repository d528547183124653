package flotilla.storage;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The configuration of a store.
 *
 * @param name the store's name; empty for the default store
 * @param type the {@link StorageProvider#type} of its provider
 * @param values its settings by key, without its type; dots join the keys of a nested object
 */
public record StoreSettings(String name, String type, Map<String, String> values) {
    public StoreSettings {
        values = Map.copyOf(values);
    }

    /** Returns the value of a key; empty when it is not set. */
    public Optional<String> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /**
     * Returns the value of a key that must be set.
     *
     * @throws IllegalArgumentException when it is missing or empty
     */
    public String require(String key) {
        return find(key)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new IllegalArgumentException("needs the key " + key));
    }

    /**
     * Refuses all other keys than these.
     *
     * @throws IllegalArgumentException when there is another one; the message names it
     */
    public void allow(Set<String> keys) {
        Set<String> others = new TreeSet<>(values.keySet());
        others.removeAll(keys);
        if (!others.isEmpty()) {
            throw new IllegalArgumentException("has no key " + String.join(", ", others));
        }
    }

    /** Omits the values, because one may be a secret. */
    @Override
    public String toString() {
        return "StoreSettings[" + name + ", " + type + "]";
    }
}
