package flotilla.storage.local;

import static flotilla.storage.StorageActions.put;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadStart;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reasons for failures of the file system, also on a full disk and across mounts. */
class FailuresTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    private static Reason reason(Exception failure) {
        return Failures.of(VirtualPath.ROOT, failure).reason();
    }

    @Test
    void textsOfTheFileSystemBecomeReasons() {
        assertEquals(Reason.NO_SPACE, reason(new IOException("No space left on device")));
        assertEquals(Reason.DISK_QUOTA, reason(new FileSystemException("f", null, "Disk quota exceeded")));
        assertEquals(Reason.INVALID_NAME, reason(new FileSystemException("f", null, "File name too long")));
        assertEquals(Reason.ACCESS_DENIED, reason(new FileSystemException("f", null, "Operation not permitted")));
        assertEquals(
                Reason.ACCESS_DENIED, reason(new IOException("Too many levels of symbolic links (NOFOLLOW_LINKS)")));
        assertEquals(Reason.CROSS_DEVICE, reason(new AtomicMoveNotSupportedException("a", "b", "EXDEV")));
        assertEquals(Reason.NOT_FOUND, reason(new DirectoryIteratorException(new NoSuchFileException("f"))));
        assertEquals(Reason.IO, reason(new IOException("Input/output error")));
        assertEquals(Reason.IO, reason(new IOException()));
        StorageException known = new StorageException(Reason.BUSY, "busy");
        assertSame(known, Failures.of(VirtualPath.ROOT, known));
    }

    @Test
    void aNameTheFileSystemDoesNotTakeIsInvalid() throws Exception {
        try (Tree tree = Tree.open(root, false)) {
            StorageException failure = assertThrows(
                    StorageException.class,
                    () -> Failures.run(VirtualPath.ROOT, () -> tree.top().find(Path.of("n".repeat(256)))));
            assertEquals(Reason.INVALID_NAME, failure.reason());
        }
    }

    @Test
    void aFullDeviceIsNoSpace() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full));
        try (Tree tree = Tree.open(root, false);
                FileChannel channel = FileChannel.open(full, StandardOpenOption.WRITE);
                ByteSink sink = new InPlaceSink(
                        tree,
                        VirtualPath.of("/f"),
                        channel,
                        tree.top().attributes(Directory.self()),
                        new UploadStart(UploadStart.Base.NOTHING, 0),
                        InPlaceSink.Undo.CUT_UNLESS_KEPT,
                        false,
                        InPlaceSink.NONE)) {
            refused(Reason.NO_SPACE, () -> put(sink, "x"));
            sink.abort(Remains.KEEP);
        }
    }

    @Test
    void aPartIsCopiedWhereItCannotBeRenamed() throws Exception {
        Files.createDirectory(root.resolve("parts"));
        Files.createDirectory(root.resolve("d"));
        try (Tree tree = Tree.open(root, false);
                Directory parts = tree.top().open(Path.of("parts"));
                Directory target = tree.top().open(Path.of("d"))) {
            Path part = Path.of("p");
            Path name = Path.of("f");
            for (String text : List.of("first", "second")) {
                Files.writeString(root.resolve("parts/p"), text);
                new Arrivals().moveCopy(parts, part, target, name, false, true);
                assertEquals(text, Files.readString(root.resolve("d/f")));
                assertFalse(Files.exists(root.resolve("parts/p")));
            }
            Files.writeString(root.resolve("parts/p"), "third");
            StorageException taken = assertThrows(
                    StorageException.class,
                    () -> Failures.run(
                            VirtualPath.ROOT, () -> new Arrivals().moveCopy(parts, part, target, name, true, false)));
            assertEquals(Reason.ALREADY_EXISTS, taken.reason());
            assertEquals(1, root.resolve("d").toFile().list().length);
        }
    }

    /** This test needs the right to mount. Without it, the test above has to do. */
    @Test
    void aMountInsideTheRootWorksLikeADirectory() throws Exception {
        Path mount = Files.createDirectory(root.resolve("mount"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "none", mount.toString()) == 0);
        try (LocalStorage storage = LocalStorage.open(root, LocalOptions.defaults())) {
            StorageActions files = new StorageActions(storage);
            files.store("/mount/f", "over there");
            files.store("/mount/f", "again");
            assertEquals("again", files.load("/mount/f"));
            files.store("/mount/new", "x", WriteMode.CREATE_NEW);
            files.mkdir("/mount/d");
            refused(Reason.ALREADY_EXISTS, () -> files.mkdir("/mount/d"));
            assertEquals(List.of("d", "f", "new"), files.names("/mount"));
            assertEquals(3, mount.toFile().list().length);
            files.store("/g", "here");
            refused(Reason.CROSS_DEVICE, () -> files.rename("/g", "/mount/g", false));
            refused(Reason.CROSS_DEVICE, () -> files.rename("/mount/d", "/d", false));
            refused(Reason.NO_SPACE, () -> files.store("/mount/big", "x".repeat(300_000)));
            refused(Reason.NO_SPACE, () -> files.store("/mount/f", "x".repeat(300_000), WriteMode.APPEND));
            assertEquals("again", files.load("/mount/f"));
            assertEquals(List.of("d", "f", "new"), files.names("/mount"));
            assertTrue(mount.toFile().list().length == 3);
            refused(Reason.BUSY, () -> files.rmdir("/mount"));
        } finally {
            run("umount", mount.toString());
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).start().waitFor();
    }
}
