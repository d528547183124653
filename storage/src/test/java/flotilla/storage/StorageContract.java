package flotilla.storage;

import static flotilla.storage.StorageActions.path;
import static flotilla.storage.StorageActions.refused;
import static flotilla.storage.StorageActions.rest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.storage.StorageException.Reason;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The contract of every backend for names and attributes. {@link UploadContract} holds the part about uploads. */
public abstract class StorageContract {
    protected StorageActions files;

    /** Returns a new, empty backend. */
    protected abstract StorageBackend create() throws Exception;

    /** Opens the backend, and skips tests that need more capabilities than it has. */
    @BeforeEach
    void open(TestInfo test) throws Exception {
        files = new StorageActions(create());
        Needs needs = test.getTestMethod().orElseThrow().getAnnotation(Needs.class);
        assumeTrue(needs == null || files.storage().capabilities().containsAll(List.of(needs.value())));
    }

    @AfterEach
    void close() {
        files.storage().close();
        files.storage().close();
    }

    @Test
    void theRootIsADirectoryWithoutAName() throws Exception {
        Entry root = files.stat("/");
        assertTrue(root.isDirectory());
        assertEquals("", root.name());
        assertEquals(0, root.size());
        assertEquals(List.of(), files.names("/"));
    }

    @Test
    void aFileIsWhatWasWritten() throws Exception {
        Entry stored = files.store("/report.csv", "one,two");
        assertEquals("one,two", files.load("/report.csv"));
        assertEquals(stored, files.stat("/report.csv"));
        assertEquals("report.csv", stored.name());
        assertEquals(7, stored.size());
        assertTrue(stored.isFile());
        assertTrue(Math.abs(System.currentTimeMillis() - stored.modifiedMillis()) < 60_000);
    }

    @Test
    void aFileCanBeReadFromAnOffsetUpToItsEnd() throws Exception {
        files.store("/f", "abcdefghij");
        assertEquals("defghij", files.load("/f", 3));
        assertEquals("", files.load("/f", 10));
        refused(Reason.OFFSET_OUT_OF_RANGE, () -> files.load("/f", 11));
        refused(Reason.OFFSET_OUT_OF_RANGE, () -> files.load("/f", -1));
    }

    @Test
    @Needs(Capability.APPEND)
    protected void aReaderSeesTheFileAsItWasOpened() throws Exception {
        files.store("/f", "old");
        try (ByteSource source = files.storage().read(path("/f"), 0)) {
            files.store("/f", " and more", WriteMode.APPEND);
            assertEquals(3, source.size());
            files.store("/f", "a new one");
            assertEquals("old", rest(source));
        }
        assertEquals("a new one", files.load("/f"));
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        refused(Reason.NOT_FOUND, () -> files.stat("/no"));
        refused(Reason.NOT_FOUND, () -> files.stat("/no/deeper"));
        refused(Reason.NOT_FOUND, () -> files.load("/no"));
        refused(Reason.NOT_FOUND, () -> files.names("/no"));
        refused(Reason.NOT_FOUND, () -> files.delete("/no"));
        refused(Reason.NOT_FOUND, () -> files.rmdir("/no"));
        refused(Reason.NOT_FOUND, () -> files.mkdir("/no/deeper"));
        refused(Reason.NOT_FOUND, () -> files.store("/no/deeper", "x"));
        refused(Reason.NOT_FOUND, () -> files.storage().rename(path("/no"), "x", path("/yes"), false));
    }

    @Test
    @Needs({Capability.SET_MODE, Capability.FREE_BYTES, Capability.RESUME})
    void whatIsNotThereIsNotFoundByOthersEither() {
        refused(Reason.NOT_FOUND, () -> files.storage().change(path("/no"), AttributeChange.mode(0600)));
        refused(Reason.NOT_FOUND, () -> files.storage().freeBytes(path("/no")));
        refused(Reason.NOT_FOUND, () -> files.partSize("/no/deeper"));
        for (String reserved : List.of("/.flotilla-parts", "/.Flotilla-PARTS", "/.flotilla-parts.x")) {
            refused(Reason.INVALID_NAME, () -> files.storage().change(path(reserved), AttributeChange.mode(0700)));
            refused(Reason.INVALID_NAME, () -> files.storage().freeBytes(path(reserved)));
            refused(Reason.INVALID_NAME, () -> files.partSize(reserved));
        }
    }

    @Test
    void aFileIsNoDirectory() throws Exception {
        files.store("/f", "x");
        refused(Reason.NOT_A_DIRECTORY, () -> files.stat("/f/deeper"));
        refused(Reason.NOT_A_DIRECTORY, () -> files.store("/f/deeper", "x"));
        refused(Reason.NOT_A_DIRECTORY, () -> files.mkdir("/f/deeper"));
        refused(Reason.NOT_A_DIRECTORY, () -> files.names("/f"));
        refused(Reason.NOT_A_DIRECTORY, () -> files.rmdir("/f"));
    }

    @Test
    void aDirectoryIsNoFile() throws Exception {
        files.mkdir("/d");
        refused(Reason.IS_A_DIRECTORY, () -> files.load("/d"));
        refused(Reason.IS_A_DIRECTORY, () -> files.store("/d", "x"));
        refused(Reason.IS_A_DIRECTORY, () -> files.delete("/d"));
        refused(Reason.IS_A_DIRECTORY, () -> files.load("/"));
        refused(Reason.IS_A_DIRECTORY, () -> files.store("/", "x"));
        refused(Reason.IS_A_DIRECTORY, () -> files.delete("/"));
    }

    @Test
    void directoriesAreMadeOnceAndRemovedWhenEmpty() throws Exception {
        Entry made = files.mkdir("/d");
        assertTrue(made.isDirectory());
        assertEquals(made.identity(), files.stat("/d").identity());
        refused(Reason.ALREADY_EXISTS, () -> files.mkdir("/d"));
        refused(Reason.ALREADY_EXISTS, () -> files.mkdir("/"));
        files.store("/d/f", "x");
        refused(Reason.ALREADY_EXISTS, () -> files.mkdir("/d/f"));
        refused(Reason.NOT_EMPTY, () -> files.rmdir("/d"));
        files.delete("/d/f");
        files.rmdir("/d");
        refused(Reason.NOT_FOUND, () -> files.stat("/d"));
        refused(Reason.ACCESS_DENIED, () -> files.rmdir("/"));
    }

    @Test
    void directoriesNestDeeply() throws Exception {
        for (int depth = 1; depth <= 60; depth++) {
            files.mkdir("/d".repeat(depth));
        }
        files.store("/d".repeat(60) + "/f", "deep");
        assertEquals(List.of("f"), files.names("/d".repeat(60)));
    }

    @Test
    @Needs(Capability.NAME_ORDER)
    void aListingIsInTheOrderOfBytes() throws Exception {
        List<String> ordered = List.of(" a", "A", "B", "a", "a b", "ab", "z", "\u00e4", "\uff61", "\ud83d\ude00");
        for (String name : List.of("z", "\ud83d\ude00", "a b", "B", "\u00e4", "ab", "\uff61", "A", " a", "a")) {
            files.store("/" + name, name);
        }
        assertEquals(ordered, files.names("/"));
    }

    @Test
    @Needs(Capability.NAME_ORDER)
    void aListingComesInPages() throws Exception {
        for (int i = 0; i < 25; i++) {
            files.store("/f" + (char) ('a' + i), "x".repeat(i));
        }
        try (Listing listing = files.storage().list(VirtualPath.ROOT, Listing.Order.NAME)) {
            assertEquals(10, listing.next(10).size());
            List<Entry> second = listing.next(10);
            assertEquals("fk", second.get(0).name());
            assertEquals(files.stat("/fk"), second.get(0));
            assertEquals(5, listing.next(10).size());
            assertTrue(listing.next(10).isEmpty());
        }
    }

    @Test
    @Needs(Capability.NAME_ORDER)
    protected void entriesThatVanishAreLeftOutOfAListing() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            files.store("/" + name, name);
        }
        try (Listing listing = files.storage().list(VirtualPath.ROOT, Listing.Order.NAME)) {
            assertEquals("a", listing.next(1).get(0).name());
            files.delete("/b");
            files.store("/d", "after the names were read");
            assertEquals(List.of("c"), listing.next(9).stream().map(Entry::name).toList());
        }
    }

    @Test
    @Needs(Capability.STABLE_IDENTITY)
    void aRenameMovesTheSameObject() throws Exception {
        files.mkdir("/d");
        String identity = files.store("/f", "x").identity();
        files.rename("/f", "/d/g", false);
        assertEquals(identity, files.stat("/d/g").identity());
        refused(Reason.NOT_FOUND, () -> files.stat("/f"));
        files.rename("/d", "/e", false);
        assertEquals("x", files.load("/e/g"));
        refused(Reason.NOT_FOUND, () -> files.rename("/e/g", "/no/g", false));
    }

    @Test
    void aRenameReplacesOnlyAFileByAFileAndOnlyWhenTold() throws Exception {
        files.store("/f", "new");
        files.store("/g", "old");
        files.mkdir("/d");
        files.mkdir("/e");
        refused(Reason.ALREADY_EXISTS, () -> files.rename("/f", "/g", false));
        refused(Reason.ALREADY_EXISTS, () -> files.rename("/f", "/d", true));
        refused(Reason.ALREADY_EXISTS, () -> files.rename("/d", "/g", true));
        refused(Reason.ALREADY_EXISTS, () -> files.rename("/d", "/e", true));
        refused(Reason.ALREADY_EXISTS, () -> files.rename("/d", "/d", true));
        refused(Reason.ALREADY_EXISTS, () -> files.rename("/f", "/f", false));
        refused(Reason.ALREADY_EXISTS, () -> files.rename("/f", "/", true));
        assertEquals("old", files.load("/g"));
        files.rename("/f", "/g", true);
        files.rename("/g", "/g", true);
        assertEquals("new", files.load("/g"));
        refused(Reason.NOT_FOUND, () -> files.stat("/f"));
    }

    @Test
    void aDirectoryCannotMoveIntoItselfNorTheRootAnywhere() throws Exception {
        files.mkdir("/d");
        files.mkdir("/d/e");
        refused(Reason.INTO_ITSELF, () -> files.rename("/d", "/d/f", false));
        refused(Reason.INTO_ITSELF, () -> files.rename("/d", "/d/e/f", false));
        refused(Reason.ACCESS_DENIED, () -> files.rename("/", "/d/root", false));
    }

    @Test
    protected void aRenameOfAnotherObjectUnderTheSameNameIsRefused() throws Exception {
        String seen = files.store("/f", "seen").identity();
        assertNotEquals(seen, files.store("/f", "another").identity());
        refused(Reason.CHANGED, () -> files.storage().rename(path("/f"), seen, path("/g"), false));
        assertEquals("another", files.load("/f"));
    }

    @Test
    @Needs({Capability.SET_TIME, Capability.SET_MODE})
    void timeAndModeCanBeChanged() throws Exception {
        files.store("/f", "x");
        files.mkdir("/d");
        for (String path : List.of("/f", "/d")) {
            Entry changed = files.storage().change(path(path), AttributeChange.modified(1_000_000_000_123L));
            assertEquals(1_000_000_000_123L, changed.modifiedMillis());
            assertEquals(
                    0700,
                    files.storage()
                            .change(path(path), AttributeChange.mode(0700))
                            .mode());
            var both = new AttributeChange(OptionalLong.of(-5_000), OptionalInt.of(0751));
            assertEquals(files.storage().change(path(path), both), files.stat(path));
            assertEquals(-5_000, files.stat(path).modifiedMillis());
            assertEquals(0751, files.stat(path).mode());
        }
        assertEquals(
                0755,
                files.storage()
                        .change(VirtualPath.ROOT, AttributeChange.mode(0755))
                        .mode());
    }

    @Test
    @Needs(Capability.FREE_BYTES)
    void freeBytesAreToldOfDirectories() throws Exception {
        files.mkdir("/d");
        assertTrue(files.storage().freeBytes(path("/d")) > 0);
        assertTrue(files.storage().freeBytes(VirtualPath.ROOT) > 0);
        files.store("/f", "x");
        refused(Reason.NOT_A_DIRECTORY, () -> files.storage().freeBytes(path("/f")));
    }

    @Test
    void theReservedNameIsInvalidAtEveryLevel() throws Exception {
        files.mkdir("/d");
        for (String name :
                List.of("/.flotilla-parts", "/d/.flotilla-parts", "/.Flotilla-PARTS", "/.flotilla-parts.x")) {
            refused(Reason.INVALID_NAME, () -> files.stat(name));
            refused(Reason.INVALID_NAME, () -> files.stat(name + "/below"));
            refused(Reason.INVALID_NAME, () -> files.names(name));
            refused(Reason.INVALID_NAME, () -> files.load(name));
            refused(Reason.INVALID_NAME, () -> files.store(name, "x"));
            refused(Reason.INVALID_NAME, () -> files.mkdir(name));
            refused(Reason.INVALID_NAME, () -> files.delete(name));
            refused(Reason.INVALID_NAME, () -> files.rmdir(name));
            refused(Reason.INVALID_NAME, () -> files.rename("/d", name, false));
            refused(Reason.INVALID_NAME, () -> files.storage().rename(path(name), "x", path("/y"), false));
        }
        files.store("/.flotilla-partsy", "is free");
    }
}
