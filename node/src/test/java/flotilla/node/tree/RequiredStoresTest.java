package flotilla.node.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import flotilla.node.fixture.MemoryBackends;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.Store;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RequiredStoresTest {
    private static final long WAIT = 10_000_000;

    @Test
    @Timeout(25)
    void aStoreThatBreaksIsLookedAtAgain() throws Exception {
        AtomicBoolean breaks = new AtomicBoolean(true);
        try (MemoryBackends homes = new MemoryBackends();
                RequiredStores watched = RequiredStores.watch(Map.of("third", new Store() {
                    @Override
                    public StorageBackend home(String path, boolean followLinks) throws StorageException {
                        if (breaks.getAndSet(false)) {
                            throw new NoClassDefFoundError("a class of a third party's store");
                        }
                        return homes.open(new Mount("home", List.of(), false));
                    }

                    @Override
                    public void close() {
                        // Nothing is open.
                    }
                }))) {
            while (!watched.away().isEmpty() && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(WAIT);
            }
            assertFalse(breaks.get());
            assertEquals(List.of(), watched.away());
        }
    }
}
