package flotilla.storage;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The configuration of a store.
 *
 * @param name the store's name; empty for the default store
 * @param type the {@link StorageProvider#type} that makes it
 * @param values its settings by key, without its type; the keys of a nested object are joined by dots
 */
public record StoreSettings(String name, String type, Map<String, String> values) {
    public StoreSettings {
        values = Map.copyOf(values);
    }

    /** The value of a key; empty when it is not set. */
    public Optional<String> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /**
     * The value of a key that must be set.
     *
     * @throws IllegalArgumentException when it is not
     */
    public String require(String key) {
        return find(key)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new IllegalArgumentException("needs the key " + key));
    }

    /**
     * Checks that there are no other keys than these.
     *
     * @throws IllegalArgumentException when there is one
     */
    public void allow(Set<String> keys) {
        Set<String> others = new TreeSet<>(values.keySet());
        others.removeAll(keys);
        if (!others.isEmpty()) {
            throw new IllegalArgumentException("has no key " + String.join(", ", others));
        }
    }

    /** Without the values: one may be a secret. */
    @Override
    public String toString() {
        return "StoreSettings[" + name + ", " + type + "]";
    }
}
