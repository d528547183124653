package flotilla.storage.memory;

import static flotilla.storage.StorageActions.put;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadContract;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemoryStorageTest extends UploadContract {
    private static final int LIMIT = 100;

    @Override
    protected StorageBackend create() {
        return new MemoryStorage(1_000_000);
    }

    @Test
    void bytesAreBoundedAndGivenBack() throws Exception {
        StorageActions small = new StorageActions(new MemoryStorage(LIMIT));
        small.store("/f", "x".repeat(60));
        refused(Reason.NO_SPACE, () -> small.store("/g", "x".repeat(41)));
        assertEquals(40, free(small));
        small.store("/g", "x".repeat(40));
        refused(Reason.NO_SPACE, () -> small.store("/f", "x", WriteMode.APPEND));
        small.delete("/g");
        small.fail("/h", "x".repeat(10), WriteMode.REPLACE, Remains.KEEP);
        assertEquals(30, free(small));
        assertEquals(1, small.storage().sweepParts(Duration.ZERO));
        small.fail("/f", "x".repeat(10), WriteMode.APPEND, Remains.KEEP);
        small.fail("/f", "x".repeat(10), WriteMode.resumeAt(20), Remains.KEEP);
        small.store("/f", "", WriteMode.resumeAt(10));
        assertEquals(90, free(small));
        small.store("/g", "x".repeat(20));
        small.rename("/g", "/f", true);
        assertEquals(80, free(small));
        small.delete("/f");
        assertEquals(LIMIT, free(small));
    }

    @Test
    void anAppendToAFileThatIsRemovedFails() throws Exception {
        files.store("/f", "x");
        try (ByteSink sink = files.open("/f", WriteMode.APPEND)) {
            files.delete("/f");
            refused(Reason.IO, () -> put(sink, "y"));
            refused(Reason.NOT_FOUND, sink::commit);
        }
    }

    private static long free(StorageActions files) throws StorageException {
        return files.storage().freeBytes(VirtualPath.ROOT);
    }
}
