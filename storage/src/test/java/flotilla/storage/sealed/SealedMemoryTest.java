package flotilla.storage.sealed;

import flotilla.storage.StorageBackend;
import flotilla.storage.UploadContract;
import flotilla.storage.memory.MemoryStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a sealed store over one in memory. */
class SealedMemoryTest extends UploadContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Override
    protected StorageBackend create() throws Exception {
        Path file = directory.resolve("store.key");
        KeyFile.create(file);
        return OneHome.sealed(new MemoryStorage(10_000_000), file);
    }
}
