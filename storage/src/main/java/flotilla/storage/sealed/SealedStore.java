package flotilla.storage.sealed;

import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.Store;
import flotilla.storage.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A store that seals the content of its files in another store, with the keys of a {@link KeyFile}. The key
 * {@code encryption.key-file} of any store names that file.
 */
public final class SealedStore implements Store {
    /** The key of a store's settings that names the key file. Without it, or while it is empty, nothing is sealed. */
    public static final String KEY_FILE = "encryption.key-file";

    private final Store sealed;
    private final KeyRing ring;
    private final Damage damage;

    private SealedStore(Store sealed, KeyRing ring, String name) {
        this.sealed = sealed;
        this.ring = ring;
        this.damage = new Damage(name);
    }

    /** Returns the key file of a store; empty when its files are in clear. */
    public static Optional<Path> keyFile(StoreSettings settings) {
        return settings.find(KEY_FILE).filter(text -> !text.isEmpty()).map(Path::of);
    }

    /**
     * Opens a store, sealed if its settings say so.
     *
     * @param opener opens the store itself; its settings have no key of this one
     * @throws IllegalArgumentException when the key file cannot be used; the message holds nothing of a key
     */
    public static Store open(StoreSettings settings, Function<StoreSettings, Store> opener) {
        Optional<Path> file = keyFile(settings);
        Map<String, String> others = new TreeMap<>(settings.values());
        others.remove(KEY_FILE);
        StoreSettings plain = new StoreSettings(settings.name(), settings.type(), others);
        if (file.isEmpty()) {
            return opener.apply(plain);
        }
        try {
            KeyRing ring = KeyRing.open(file.get());
            return new SealedStore(opener.apply(plain), ring, settings.name());
        } catch (IOException e) {
            throw new IllegalArgumentException(KEY_FILE + ": " + e.getMessage(), e);
        }
    }

    @Override
    public StorageBackend home(String path, boolean followLinks) throws StorageException {
        return new SealedStorage(sealed.home(path, followLinks), ring, damage);
    }

    @Override
    public void failed(String path, StorageException why) {
        sealed.failed(path, why);
    }

    @Override
    public void stored(String path) {
        sealed.stored(path);
    }

    @Override
    public int full() {
        return sealed.full();
    }

    @Override
    public void lookForRoom() {
        sealed.lookForRoom();
    }

    @Override
    public void close() {
        sealed.close();
    }
}
