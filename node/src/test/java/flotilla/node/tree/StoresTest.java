package flotilla.node.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.StoreResources;
import flotilla.storage.StoreSettings;
import flotilla.storage.VirtualPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store that a home leads into. */
class StoresTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    private static Mount mount(String home) {
        return new Mount(home, List.of(), false);
    }

    @Test
    void noHomeLeadsOutOfADefaultStoreWithAName() throws Exception {
        Path outside = Files.createDirectories(work.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        Path archive = Files.createDirectories(work.resolve("archive"));
        Files.writeString(Files.createDirectories(archive.resolve("alice")).resolve("own"), "own");
        StoreSettings local = new StoreSettings("archive", "local", Map.of("root", archive.toString()));
        try (Stores stores = Stores.open(List.of(local), "archive", StoreResources.of(1 << 20, 1), Runnable::run)) {
            for (String home : List.of("alice", "/alice", "local:/alice", "archive:/alice")) {
                assertTrue(stores.open(mount(home)).stat(VirtualPath.of("/own")).isFile(), home);
            }
            for (String home : List.of(outside.toString(), "local:" + outside)) {
                Reason reason = assertThrows(StorageException.class, () -> stores.open(mount(home))
                                .stat(VirtualPath.of("/secret")))
                        .reason();
                assertEquals(Reason.NOT_FOUND, reason, home);
            }
            assertThrows(StorageException.class, () -> stores.open(mount("/../outside")));
        }
    }
}
