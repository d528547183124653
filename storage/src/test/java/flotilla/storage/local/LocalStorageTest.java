package flotilla.storage.local;

import static flotilla.storage.StorageActions.path;
import static flotilla.storage.StorageActions.put;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.ListingMemory;
import flotilla.storage.NewModes;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadContract;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on the local file system, and the files that the server leaves on disk. */
class LocalStorageTest extends UploadContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    LocalOptions options() {
        return LocalOptions.defaults();
    }

    @Override
    protected StorageBackend create() throws Exception {
        return LocalStorage.open(root, options());
    }

    private Path parts() {
        return root.resolve(".flotilla-parts");
    }

    private List<Path> partFiles() throws Exception {
        try (Stream<Path> files = Files.list(parts())) {
            return files.toList();
        }
    }

    @Test
    void theRootMustBeADirectoryThatExists() throws Exception {
        Path file = Files.createFile(root.resolve("file"));
        refused(Reason.NOT_FOUND, () -> LocalStorage.open(root.resolve("no"), options()));
        refused(Reason.NOT_A_DIRECTORY, () -> LocalStorage.open(file, options()));
    }

    @Test
    void aFileSystemWithoutOpenDirectoriesIsRefused() throws Exception {
        try (FileSystem zip = FileSystems.newFileSystem(root.resolve("a.zip"), Map.of("create", "true"))) {
            refused(Reason.UNSUPPORTED, () -> LocalStorage.open(zip.getPath("/"), options()));
        }
    }

    @Test
    void newFilesAndDirectoriesHaveTheirModesWhateverTheUmask() throws Exception {
        LocalOptions open = new LocalOptions(LocalOptions.Atomic.ON, true, false, 0666, 0777);
        try (StorageBackend storage = LocalStorage.open(root, open)) {
            var wide = new StorageActions(storage);
            assertEquals(0666, wide.store("/f", "x").mode());
            assertEquals(0777, wide.mkdir("/d").mode());
        }
        assertEquals(0640, files.store("/f", "x").mode());
        assertEquals(0750, files.mkdir("/e").mode());
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("f"))));
    }

    @Test
    void aViewCreatesWithModesOfItsOwn() throws Exception {
        var masked = new StorageActions(files.storage().creating(NewModes.masked(0027)));
        assertEquals(0640, masked.store("/f", "x").mode());
        assertEquals(0750, masked.mkdir("/d").mode());
        var open = new StorageActions(files.storage().creating(NewModes.masked(0)));
        assertEquals(0666, open.store("/d/f", "x").mode());
        assertEquals(0777, open.mkdir("/d/e").mode());
        assertEquals(0666, open.store("/f", "replaced").mode());
        assertEquals(0640, files.store("/g", "x").mode());
    }

    @Test
    void aViewThatTakesTheOwnersBitsStillStoresAndResumes() throws Exception {
        var closed = new StorageActions(files.storage().creating(NewModes.masked(0777)));
        closed.fail("/f", "abc", WriteMode.REPLACE, Remains.KEEP);
        assertEquals(0, closed.store("/f", "def", WriteMode.resumeAt(3)).mode());
        assertEquals(0, closed.mkdir("/d").mode());
        assertEquals("abcdef", files.load("/f"));
    }

    @Test
    void viewsOfATreeExcludeEachOther() throws Exception {
        StorageBackend view = files.storage().creating(NewModes.masked(0));
        try (ByteSink sink = files.storage().write(path("/f"), WriteMode.REPLACE)) {
            put(sink, "x");
            refused(Reason.BUSY, () -> view.write(path("/f"), WriteMode.REPLACE));
        }
    }

    @Test
    void partsLieInAPrivateDirectoryUnderNamesThatTellNothing() throws Exception {
        files.fail("/secret plans", "x", WriteMode.REPLACE, Remains.KEEP);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(parts())));
        assertEquals(1, partFiles().size());
        assertTrue(partFiles().get(0).getFileName().toString().matches("[0-9]+-[0-9a-f]{40}"));
    }

    @Test
    void aKeptPartOutlivesTheBackend() throws Exception {
        files.fail("/f", "abc", WriteMode.REPLACE, Remains.KEEP);
        files.storage().close();
        reopened().store("/f", "def", WriteMode.APPEND);
        assertEquals("abcdef", Files.readString(root.resolve("f")));
        assertEquals(List.of(), partFiles());
    }

    @Test
    void aDirectoryOfPartsThatWasReplacedIsUsedAtOnce() throws Exception {
        files.store("/f", "x");
        Path old = root.resolve("old");
        Files.move(parts(), old);
        files.fail("/f", "abc", WriteMode.REPLACE, Remains.KEEP);
        assertEquals(1, partFiles().size(), "the open directory is not the one at the path any more");
        files.store("/f", "def", WriteMode.resumeAt(3));
        assertEquals("abcdef", files.load("/f"));
        try (Stream<Path> left = Files.list(old)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private StorageActions reopened() throws Exception {
        return new StorageActions(create());
    }

    @Test
    void whatADeadProcessWroteIsResumedAndItsCommitFails() throws Exception {
        files.store("/f", "old");
        ByteSink hung = files.open("/f", WriteMode.REPLACE);
        put(hung, "abc");
        StorageActions other = reopened();
        try (ByteSink sink = other.open("/f", WriteMode.resumeAt(2))) {
            assertEquals(2, sink.start());
            put(hung, "XYZ");
            put(sink, "C");
            refused(Reason.CHANGED, hung::commit);
            sink.commit();
        }
        assertEquals("abC", other.load("/f"));
        assertEquals(List.of(), partFiles());
    }

    @Test
    void whatADeadProcessHadUnderReviewIsResumedButNotAtItsEnd() throws Exception {
        StorageBackend dead = create();
        ByteSink lost = dead.write(path("/f"), WriteMode.REPLACE);
        put(lost, "0123456789");
        lost.review().close();
        assertEquals(9, files.partSize("/f"));
        refused(Reason.PART_TOO_SHORT, () -> files.open("/f", WriteMode.resumeAt(10)));
        files.store("/f", "9", WriteMode.APPEND);
        assertEquals("0123456789", files.load("/f"));
        assertEquals(List.of(), partFiles());
        refused(Reason.CHANGED, lost::commit);
        assertEquals("0123456789", files.load("/f"));
    }

    @Test
    void whatADeadProcessHadUnderReviewGoesWithItsNameAndWithANewUpload() throws Exception {
        for (boolean anew : List.of(true, false)) {
            StorageBackend dead = create();
            ByteSink lost = dead.write(path("/f"), WriteMode.REPLACE);
            put(lost, "0123456789");
            lost.review().close();
            if (anew) {
                files.store("/f", "new");
                assertEquals("new", files.load("/f"));
            }
            files.delete("/f");
            assertEquals(-1, files.partSize("/f"));
            assertEquals(List.of(), partFiles());
        }
    }

    @Test
    void aReplacementOfADeadProcessIsDroppedByANewOne() throws Exception {
        ByteSink hung = files.open("/f", WriteMode.REPLACE);
        put(hung, "abc");
        StorageActions other = reopened();
        assertEquals(3, other.partSize("/f"));
        other.store("/f", "new");
        put(hung, "d");
        refused(Reason.CHANGED, hung::commit);
        hung.close();
        assertEquals("new", other.load("/f"));
        assertEquals(List.of(), partFiles());
        other.store("/f", "+", WriteMode.APPEND);
        assertEquals("new+", other.load("/f"));
    }

    @Test
    void aTornAppendOfADeadProcessIsNotReadAndIsCutBack() throws Exception {
        files.store("/f", "line 1\n");
        ByteSink dead = files.open("/f", WriteMode.APPEND);
        put(dead, "lin");
        assertEquals("line 1\nlin", Files.readString(root.resolve("f")));
        assertEquals("line 1\n", files.load("/f"));
        StorageActions other = reopened();
        assertEquals("line 1\n", other.load("/f"));
        other.store("/f", "line 2\n", WriteMode.APPEND);
        assertEquals("line 1\nline 2\n", other.load("/f"));
        refused(Reason.CHANGED, () -> put(dead, "e 1b\n"));
        dead.close();
        assertEquals("line 1\nline 2\n", Files.readString(root.resolve("f")));
        assertEquals(List.of(), partFiles());
    }

    @Test
    void aTornAppendIsCutBackBeforeItsFileIsRenamed() throws Exception {
        files.store("/f", "line 1\n");
        put(files.open("/f", WriteMode.APPEND), "lin");
        StorageActions other = reopened();
        other.rename("/f", "/g", false);
        assertEquals("line 1\n", Files.readString(root.resolve("g")));
    }

    @Test
    void anAppendIsNotCutBackOverWhatOthersAppended() throws Exception {
        files.store("/f", "abc");
        try (ByteSink sink = files.open("/f", WriteMode.APPEND)) {
            put(sink, "def");
            Files.writeString(root.resolve("f"), "ghi", java.nio.file.StandardOpenOption.APPEND);
            refused(Reason.CHANGED, () -> put(sink, "jkl"));
        }
        assertEquals("abcdefghi", Files.readString(root.resolve("f")));
        files.store("/f", "!", WriteMode.APPEND);
        assertEquals("abcdefghi!", files.load("/f"));
    }

    @Test
    void partsAreNotKeptWhenToldSo() throws Exception {
        try (StorageBackend storage = LocalStorage.open(root, options().withKeepParts(false))) {
            var forgetful = new StorageActions(storage);
            forgetful.fail("/f", "abc", WriteMode.REPLACE, Remains.KEEP);
            assertEquals(-1, forgetful.partSize("/f"));
            assertEquals(List.of(), partFiles());
            forgetful.store("/f", "old");
            forgetful.fail("/f", "broken", WriteMode.REPLACE, Remains.KEEP);
            refused(Reason.PART_TOO_SHORT, () -> forgetful.open("/f", WriteMode.resumeAt(3)));
            refused(Reason.UNFINISHED, () -> forgetful.open("/f", WriteMode.APPEND));
            forgetful.delete("/f");
            assertEquals(List.of(), partFiles());
        }
    }

    @Test
    void theSweepTakesOldPartsAndWhatACrashLeft() throws Exception {
        files.fail("/f", "abc", WriteMode.REPLACE, Remains.KEEP);
        files.fail("/g", "abc", WriteMode.REPLACE, Remains.KEEP);
        Path directory = Files.createDirectory(parts().resolve("0123"));
        Path upload = Files.writeString(parts().resolve("abcd.1234"), "abandoned");
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(3)));
        for (Path path : List.of(directory, upload, partFiles().get(0))) {
            Files.setLastModifiedTime(path, old);
        }
        int before = partFiles().size();
        int swept = files.storage().sweepParts(Duration.ofDays(2));
        assertTrue(swept >= 2 && swept <= 3, "swept " + swept);
        assertEquals(before - swept, partFiles().size());
        assertFalse(Files.exists(upload));
    }

    @Test
    void anAppendIsCutBackEvenWhenTheThreadIsInterrupted() throws Exception {
        files.store("/f", "abc");
        try (ByteSink sink = files.open("/f", WriteMode.APPEND)) {
            put(sink, "def");
            Thread.currentThread().interrupt();
            refused(Reason.IO, () -> put(sink, "ghi"));
            sink.abort(Remains.KEEP);
            assertTrue(Thread.interrupted());
        }
        assertEquals("abc", Files.readString(root.resolve("f")));
    }

    @Test
    void aFileThatBecameShorterFailsItsReader() throws Exception {
        files.store("/f", "abcdef");
        try (var source = files.storage().read(VirtualPath.of("/f"), 0)) {
            Files.writeString(root.resolve("f"), "ab");
            refused(Reason.IO, () -> StorageActions.rest(source));
        }
    }

    @Test
    void namesAsLongAsTheFileSystemTakesCanBeUsed() throws Exception {
        String name = "/" + "n".repeat(255);
        files.store(name, "x");
        files.fail(name, "y", WriteMode.APPEND, Remains.KEEP);
        assertEquals("x", files.load(name));
    }

    @Test
    void aClosedBackendRefuses() throws Exception {
        files.storage().close();
        refused(Reason.IO, () -> files.stat("/"));
        refused(Reason.IO, () -> files.store("/f", "x"));
    }

    @Test
    void namesThatDoNotFitInTheMemoryOfListingsComeInAnyOrder() throws Exception {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            names.add("n" + i);
            files.store("/n" + i, "x");
        }
        ListingMemory little = new ListingMemory(16 << 10);
        try (StorageBackend storage = LocalStorage.open(root, options(), little);
                Listing ordered = storage.list(VirtualPath.ROOT, Listing.Order.NAME);
                Listing other = storage.list(VirtualPath.ROOT, Listing.Order.NAME)) {
            assertTrue(little.freeBytes() < little.bytes());
            assertTrue(little.freeBytes() >= little.bytes() / 2, "two listings take an eighth each");
            assertEquals(names, names(ordered));
            assertEquals(names, names(other));
            assertEquals(little.bytes(), little.freeBytes());
        }
    }

    @Test
    void aListingThatIsClosedEarlyGivesItsMemoryBack() throws Exception {
        files.store("/a", "x");
        ListingMemory memory = new ListingMemory(1 << 20);
        try (StorageBackend storage = LocalStorage.open(root, options(), memory)) {
            Listing listing = storage.list(VirtualPath.ROOT, Listing.Order.NAME);
            assertTrue(memory.freeBytes() < memory.bytes());
            listing.close();
            assertEquals(memory.bytes(), memory.freeBytes());
        }
    }

    @Test
    void aCopyThatDiesWithItsProcessIsNotResumed() throws Exception {
        files.store("/there", "old");
        ByteSink one = files.open("/new", WriteMode.COPY);
        ByteSink two = files.open("/there", WriteMode.COPY);
        put(one, "secret");
        put(two, "secret");
        try (StorageBackend restarted = LocalStorage.open(root, options())) {
            StorageActions after = new StorageActions(restarted);
            assertEquals(-1, after.partSize("/new"));
            after.store("/new", "own", WriteMode.APPEND);
            after.store("/there", "+", WriteMode.resumeAt(3));
            assertEquals("own", after.load("/new"));
            assertEquals("old+", after.load("/there"));
            assertEquals(1, restarted.sweepParts(Duration.ZERO), "the append has dropped the other one");
        }
        one.close();
        two.close();
        assertEquals("own", files.load("/new"));
    }

    @Test
    void aCopyThatBreaksLeavesTheEarlierPartAndAWholeOneDropsIt() throws Exception {
        files.fail("/f", "abc", WriteMode.REPLACE, Remains.KEEP);
        files.fail("/f", "source", WriteMode.COPY, Remains.NOTHING);
        assertEquals(3, files.partSize("/f"));
        files.store("/f", "source", WriteMode.COPY);
        files.store("/f", "!", WriteMode.resumeAt(6));
        assertEquals("source!", files.load("/f"));
        assertEquals(0, files.storage().sweepParts(Duration.ZERO));
    }

    private static Set<String> names(Listing listing) throws StorageException {
        List<String> names = new ArrayList<>();
        for (List<Entry> page = listing.next(7); !page.isEmpty(); page = listing.next(7)) {
            page.forEach(entry -> names.add(entry.name()));
        }
        Set<String> once = new HashSet<>(names);
        assertEquals(names.size(), once.size());
        return once;
    }

    @Test
    void namesThatFtpCannotCarryAreListedAndReached() throws Exception {
        new ProcessBuilder(
                        "sh", "-c", "printf x > \"$(printf 'bad\\377name')\"; printf x > \"$(printf 'line\\nbreak')\"")
                .directory(root.toFile())
                .start()
                .waitFor();
        assertEquals(List.of("bad%xFFname", "line%x0Abreak"), files.names("/"));
        assertEquals("x", files.load("/bad%xFFname"));
        assertEquals("x", files.load("/line%x0Abreak"));
    }

    @Test
    void readersDoNotSeeAnAppendThatIsReadBack() throws Exception {
        files.store("/f", "old");
        try (ByteSink sink = files.open("/f", WriteMode.APPEND)) {
            put(sink, "+new");
            try (ByteSource whole = sink.review()) {
                assertEquals("old+new", StorageActions.rest(whole));
                assertEquals("old", files.load("/f"));
            }
            sink.commit();
        }
        assertEquals("old+new", files.load("/f"));
    }

    @Test
    void aPartThatSomebodyReplacedIsNotReadBack() throws Exception {
        try (ByteSink sink = files.open("/f", WriteMode.REPLACE)) {
            put(sink, "mine");
            Path part = partFiles().get(0);
            Files.delete(part);
            Files.writeString(part, "evil");
            refused(Reason.CHANGED, sink::review);
        }
    }
}
