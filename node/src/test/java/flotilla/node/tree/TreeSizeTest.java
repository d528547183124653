package flotilla.node.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.fixture.Trees;
import flotilla.node.tree.TreeSize.Pace;
import flotilla.storage.StorageException;
import flotilla.storage.StoreResources;
import flotilla.storage.StoreSettings;
import flotilla.storage.memory.MemoryStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeSizeTest {
    private final MemoryStorage storage = new MemoryStorage(1 << 24);

    @Test
    void anEmptyTreeHoldsNothing() throws StorageException {
        assertEquals(new Usage(0, 0), size());
    }

    @Test
    void filesOfAllDirectoriesCountAndDirectoriesDoNot() throws StorageException {
        String path = "";
        for (int depth = 0; depth < 100; depth++) {
            path += "/d";
            Trees.directory(storage, path);
            MemoryBackends.store(storage, path + "/f", "1234567890");
        }
        assertEquals(new Usage(1000, 100), size());
    }

    @Test
    void aDirectoryOfManyPagesIsCountedWhole() throws StorageException {
        for (int i = 0; i < 3000; i++) {
            MemoryBackends.store(storage, "/f" + i, "x");
        }
        assertEquals(new Usage(3000, 3000), size());
    }

    @Test
    void whatAUserMayNotListCountsToo() throws StorageException {
        MemoryBackends backends = new MemoryBackends();
        backends.store("home", "/f", "12345");
        Mount dropBox = new Mount("home", List.of(new PathRule("/", Set.of(Permission.WRITE))), false);
        assertEquals(new Usage(5, 1), TreeSize.of(backends, dropBox, Pace.FULL));
    }

    @Test
    void aLinkCountsForNothing(@TempDir Path home) throws Exception {
        Files.createDirectories(home.resolve("a/b"));
        Files.writeString(home.resolve("a/b/f"), "12345");
        Files.createSymbolicLink(home.resolve("a/loop"), home.resolve("a"));
        Files.createSymbolicLink(home.resolve("again"), home.resolve("a/b/f"));
        StoreSettings local = new StoreSettings("", "local", Map.of("root", home.toString()));
        try (Stores stores = Stores.open(List.of(local), "", StoreResources.of(1 << 20, 1), Runnable::run)) {
            Mount mount = new Mount(home.toString(), List.of(), false);
            assertEquals(new Usage(5, 1), TreeSize.of(stores, mount, Pace.FULL));
        }
    }

    @Test
    void aHomeThatIsNotThereIsNotTakenForAnEmptyOne() {
        Mount missing = new Mount("missing", List.of(), false);
        assertThrows(StorageException.class, () -> TreeSize.of(new MemoryBackends(), missing, Pace.FULL));
    }

    @Test
    void aCountCanBeBrokenOff() {
        MemoryBackends.store(storage, "/f", "1");
        assertThrows(
                StorageException.class,
                () -> TreeSize.of(storage, looked -> Thread.currentThread().interrupt()));
        assertTrue(Thread.interrupted());
    }

    private Usage size() throws StorageException {
        return TreeSize.of(storage, Pace.FULL);
    }
}
