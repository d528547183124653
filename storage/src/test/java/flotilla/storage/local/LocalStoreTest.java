package flotilla.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.storage.ByteSink;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.ListingMemory;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Number of homes that stay open. */
class LocalStoreTest {
    private static final int OPEN = 5;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    @SuppressWarnings("NullAway.Init")
    private LocalStore store;

    @BeforeEach
    void open() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
        store = new LocalStore(root, LocalOptions.defaults(), new ListingMemory(1 << 20), OPEN);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private StorageBackend home(String name) throws StorageException {
        return store.home(name, true);
    }

    /** Number of this process's descriptors below the root. */
    private long descriptors() throws IOException {
        long count = 0;
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : all.toList()) {
                count += leadsBelowRoot(descriptor) ? 1 : 0;
            }
        }
        return count;
    }

    private boolean leadsBelowRoot(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(root.toRealPath());
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @Test
    void soManyHomesAreKeptOpenAndTheOthersGoOn() throws Exception {
        List<StorageBackend> used = new ArrayList<>();
        for (int i = 0; i < 10 * OPEN; i++) {
            used.add(home("home" + i));
            new StorageActions(home("home" + i)).store("/f", "home " + i);
        }
        long kept = descriptors();
        assertTrue(kept <= 4 * OPEN, () -> kept + " descriptors of " + OPEN + " homes");
        for (StorageBackend home : used) {
            try (Listing listing = home.list(VirtualPath.ROOT, Listing.Order.NONE)) {
                assertEquals(
                        List.of("f"), listing.next(10).stream().map(Entry::name).toList());
            }
        }
        assertTrue(descriptors() <= 4 * OPEN, "what was used again is closed again");
    }

    @Test
    void anUploadOutlivesTheTimeItsHomeIsKeptOpen() throws Exception {
        StorageBackend home = home("home");
        try (ByteSink sink = home.write(VirtualPath.of("/f"), WriteMode.REPLACE)) {
            for (int i = 0; i <= OPEN; i++) {
                home("other" + i);
            }
            sink.write(ByteBuffer.wrap(new byte[3]));
            sink.commit();
        }
        assertEquals(3, Files.size(root.resolve("home/f")));
    }

    @Test
    void aHomeIsOpenedOnce() throws Exception {
        assertSame(home("home"), home("home"));
        assertTrue(descriptors() <= 2, "one tree has one set of descriptors");
    }

    @Test
    void nothingStaysOpenInTheEnd() throws Exception {
        for (int i = 0; i < 2 * OPEN; i++) {
            home("home" + i);
        }
        store.close();
        assertEquals(0, descriptors());
    }
}
