package flotilla.node.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.fixture.Trees;
import flotilla.storage.StorageException;
import flotilla.storage.memory.MemoryStorage;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TreeSizeTest {
    private final MemoryStorage storage = new MemoryStorage(1 << 24);

    @Test
    void anEmptyTreeHoldsNothing() {
        assertEquals(new Usage(0, 0), TreeSize.of(Trees.tree(storage)));
    }

    @Test
    void filesOfAllDirectoriesCountAndDirectoriesDoNot() throws StorageException {
        String path = "";
        for (int depth = 0; depth < 100; depth++) {
            path += "/d";
            Trees.directory(storage, path);
            MemoryBackends.store(storage, path + "/f", "1234567890");
        }
        assertEquals(new Usage(1000, 100), TreeSize.of(Trees.tree(storage)));
    }

    @Test
    void aDirectoryOfManyPagesIsCountedWhole() {
        for (int i = 0; i < 3000; i++) {
            MemoryBackends.store(storage, "/f" + i, "x");
        }
        assertEquals(new Usage(3000, 3000), TreeSize.of(Trees.tree(storage)));
    }

    @Test
    void whatAUserMayNotListDoesNotCount() throws StorageException {
        Trees.directory(storage, "/dropbox");
        MemoryBackends.store(storage, "/dropbox/f", "12345");
        PathRule all = new PathRule("/", Set.of(Permission.values()));
        PathRule dropbox = new PathRule("/dropbox", Set.of(Permission.WRITE));
        assertEquals(new Usage(0, 0), TreeSize.of(Trees.tree(storage, all, dropbox)));
    }
}
