package flotilla.storage;

import flotilla.storage.memory.MemoryStorage;
import java.util.Set;

/** The contract of a backend that has no capability at all. */
class LeastStorageTest extends UploadContract {
    @Override
    protected StorageBackend create() {
        return new PoorStorage(new MemoryStorage(1_000_000), Set.of());
    }
}
