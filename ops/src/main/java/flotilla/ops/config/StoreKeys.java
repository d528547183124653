package flotilla.ops.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueType;
import flotilla.node.tree.Stores;
import flotilla.ops.extension.Extension;
import flotilla.storage.StoreSettings;
import flotilla.storage.sealed.SealedStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The keys of {@code flotilla.storage} that name the places of files: the default store, and the stores by name. */
final class StoreKeys {
    /** The other stores by name. The provider of a store defines its keys. */
    static final String NAMED = "flotilla.storage.stores";

    private static final int MOST = 64;
    private static final List<String> OWN =
            List.of("atomic", "keep-parts", "follow-links", "file-mode", "directory-mode", "open-homes");

    private final Keys keys;
    private final Path dataDir;

    StoreKeys(Keys keys, Path dataDir) {
        this.keys = keys;
        this.dataDir = dataDir;
    }

    /** Returns the root of the default store. */
    Path root() {
        return keys.path("flotilla.storage.root", dataDir.resolve("homes"));
    }

    List<StoreSettings> read() {
        List<StoreSettings> stores = new ArrayList<>();
        stores.add(standard());
        for (Extension named : new ExtensionKeys(keys).named(NAMED, "stores", MOST)) {
            stores.add(new StoreSettings(
                    named.name(),
                    named.type(),
                    values(named.name(), named.settings().withoutPath("type"))));
        }
        return stores;
    }

    /**
     * Returns the default store. Its keys lie in {@code flotilla.storage} itself. Each key is checked on its own, so
     * that a problem names it.
     */
    private StoreSettings standard() {
        Map<String, String> values = new TreeMap<>(Map.of("root", root().toString()));
        for (String own : OWN) {
            String key = "flotilla.storage." + own;
            StoreSettings one = standard(Map.of("root", root().toString(), own, keys.text(key)));
            Stores.problems(List.of(one)).values().forEach(problem -> keys.note(key, problem));
            values.put(own, keys.text(key));
        }
        values.put("required", String.valueOf(keys.flag("flotilla.storage.required")));
        String key = "flotilla.storage." + SealedStore.KEY_FILE;
        String file = keys.text(key);
        if (!file.isEmpty()) {
            values.put(SealedStore.KEY_FILE, absolute(file));
            if (!keys.isRunning()) { // a server that runs keeps its keys, whatever became of the file
                Stores.problems(List.of(standard(values))).values().forEach(problem -> keys.note(key, problem));
            }
        }
        return standard(values);
    }

    private static StoreSettings standard(Map<String, String> values) {
        return new StoreSettings("", "local", values);
    }

    private static String absolute(String file) {
        return Path.of(file).toAbsolutePath().normalize().toString();
    }

    private Map<String, String> values(String name, Config settings) {
        Map<String, String> values = new TreeMap<>();
        settings.entrySet().forEach(entry -> {
            if (entry.getValue().valueType() == ConfigValueType.LIST) {
                keys.note(NAMED + "." + name, "takes no list for " + entry.getKey());
            } else {
                values.put(entry.getKey(), String.valueOf(entry.getValue().unwrapped()));
            }
        });
        values.computeIfPresent(SealedStore.KEY_FILE, (key, file) -> file.isEmpty() ? file : absolute(file));
        return values;
    }
}
