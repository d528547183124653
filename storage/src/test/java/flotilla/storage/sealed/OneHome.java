package flotilla.storage.sealed;

import flotilla.storage.StorageBackend;
import flotilla.storage.Store;
import flotilla.storage.StoreSettings;
import java.nio.file.Path;
import java.util.Map;

/** A store with one home. */
record OneHome(StorageBackend backend) implements Store {
    /** Seals a backend with a key file. */
    static StorageBackend sealed(StorageBackend backend, Path keyFile) throws Exception {
        StoreSettings settings = new StoreSettings("box", "any", Map.of(SealedStore.KEY_FILE, keyFile.toString()));
        return SealedStore.open(settings, plain -> new OneHome(backend)).home("", false);
    }

    @Override
    public StorageBackend home(String path, boolean followLinks) {
        return backend;
    }

    @Override
    public void close() {
        backend.close();
    }
}
