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

    private static final String REQUIRED = "required";
    private static final String DEFAULT = "flotilla.storage.default";
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

    /** Returns the name of the default store; empty for the one in {@link #root}. */
    String standard() {
        return keys.text(DEFAULT);
    }

    List<StoreSettings> read() {
        List<StoreSettings> stores = new ArrayList<>();
        StoreSettings atRoot = atRoot();
        if (standard().isEmpty()) {
            stores.add(atRoot);
        } else if (atRoot.find(SealedStore.KEY_FILE).isPresent()) {
            keys.note(
                    "flotilla.storage." + SealedStore.KEY_FILE,
                    "seals nothing where flotilla.storage.default is set: set " + NAMED + "." + standard() + "."
                            + SealedStore.KEY_FILE);
        }
        for (Extension named : new ExtensionKeys(keys).named(NAMED, "stores", MOST)) {
            Map<String, String> values = values(named.name(), named.settings().withoutPath("type"));
            if (named.name().equals(standard())) {
                values.putIfAbsent(REQUIRED, String.valueOf(keys.flag("flotilla.storage." + REQUIRED)));
            }
            stores.add(new StoreSettings(named.name(), named.type(), values));
        }
        if (stores.stream().noneMatch(store -> store.name().equals(standard()))) {
            keys.note(DEFAULT, "names no store of flotilla.storage.stores: " + standard());
        }
        return stores;
    }

    /**
     * Returns the store in the directory {@link #root}. Its keys lie in {@code flotilla.storage} itself. Each key is checked on its own, so
     * that a problem names it.
     */
    private StoreSettings atRoot() {
        Map<String, String> values = new TreeMap<>(Map.of("root", root().toString()));
        for (String own : OWN) {
            String key = "flotilla.storage." + own;
            StoreSettings one = atRoot(Map.of("root", root().toString(), own, keys.text(key)));
            Stores.problems(List.of(one)).values().forEach(problem -> keys.note(key, problem));
            values.put(own, keys.text(key));
        }
        values.put(REQUIRED, String.valueOf(keys.flag("flotilla.storage." + REQUIRED)));
        String key = "flotilla.storage." + SealedStore.KEY_FILE;
        String file = keys.text(key);
        if (!file.isEmpty()) {
            values.put(SealedStore.KEY_FILE, absolute(file));
            if (!keys.isRunning()) { // a server that runs keeps its keys, whatever became of the file
                Stores.problems(List.of(atRoot(values))).values().forEach(problem -> keys.note(key, problem));
            }
        }
        return atRoot(values);
    }

    private static StoreSettings atRoot(Map<String, String> values) {
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
