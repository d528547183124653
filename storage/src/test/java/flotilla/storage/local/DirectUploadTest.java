package flotilla.storage.local;

import static flotilla.storage.StorageActions.put;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageContract;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.WriteMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract without atomic uploads. */
class DirectUploadTest extends StorageContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    @Override
    protected StorageBackend create() throws Exception {
        return LocalStorage.open(root, LocalOptions.defaults().withAtomic(LocalOptions.Atomic.OFF));
    }

    /**
     * Without parts the reader gets an error if less is left than promised; it does not see the old file to its end.
     */
    @Override
    @Test
    protected void aReaderSeesTheFileAsItWasOpened() throws Exception {
        files.store("/f", "longer");
        try (var source = files.storage().read(StorageActions.path("/f"), 0)) {
            files.store("/f", "new");
            refused(Reason.IO, () -> StorageActions.rest(source));
        }
    }

    /** Without parts a replaced file stays the same object. */
    @Override
    @Test
    protected void aRenameOfAnotherObjectUnderTheSameNameIsRefused() throws Exception {
        String seen = files.store("/f", "seen").identity();
        files.store("/g", "another");
        files.rename("/g", "/f", true);
        refused(Reason.CHANGED, () -> files.storage()
                .rename(StorageActions.path("/f"), seen, StorageActions.path("/h"), false));
    }

    @Test
    void bytesAreVisibleAtOnceAndStayWhenKept() throws Exception {
        try (ByteSink sink = files.open("/f", WriteMode.REPLACE)) {
            put(sink, "abc");
            assertEquals("abc", files.load("/f"));
            sink.abort(Remains.KEEP);
        }
        assertEquals(3, files.stat("/f").size());
        assertEquals(-1, files.partSize("/f"));
        files.fail("/f", "de", WriteMode.resumeAt(3), Remains.KEEP);
        files.fail("/f", "xx", WriteMode.APPEND, Remains.DISCARD);
        assertEquals("abcde", files.load("/f"));
        files.store("/f", "D", WriteMode.resumeAt(3));
        assertEquals("abcD", files.load("/f"));
        assertFalse(Files.exists(root.resolve(".flotilla-parts")));
    }

    @Test
    void aReplacementThatBreaksBeforeItsFirstByteIsNotTakenForTheOldFile() throws Exception {
        files.store("/f", "old");
        files.storage().beginReplacing(StorageActions.path("/f"));
        refused(Reason.PART_TOO_SHORT, () -> files.open("/f", WriteMode.resumeAt(3)));
        refused(Reason.UNFINISHED, () -> files.open("/f", WriteMode.APPEND));
        files.store("/f", "new");
        files.store("/f", "+", WriteMode.APPEND);
        assertEquals("new+", files.load("/f"));
    }

    @Test
    void whatIsNotKeptIsRemoved() throws Exception {
        files.fail("/f", "abc", WriteMode.REPLACE, Remains.DISCARD);
        refused(Reason.NOT_FOUND, () -> files.stat("/f"));
        files.fail("/f", "abc", WriteMode.CREATE_NEW, Remains.DISCARD);
        refused(Reason.NOT_FOUND, () -> files.stat("/f"));
    }

    @Test
    void aFileThatWasThereStaysWithNothingOfAnUploadThatIsNotKept() throws Exception {
        String identity = files.store("/f", "old").identity();
        Files.setPosixFilePermissions(root.resolve("f"), Entries.permissions(0604));
        files.fail("/f", "longer than that", WriteMode.REPLACE, Remains.DISCARD);
        assertEquals("", files.load("/f"));
        assertEquals(identity, files.stat("/f").identity());
        assertEquals(0604, files.stat("/f").mode());
        files.store("/f", "new");
        assertEquals("new", files.load("/f"));
    }

    @Test
    void aCopyReplacesTheFileOnlyWhenItIsWhole() throws Exception {
        files.store("/f", "old");
        try (ByteSink copy = files.open("/f", WriteMode.COPY)) {
            put(copy, "so");
            assertEquals("old", files.load("/f"));
            copy.abort(Remains.NOTHING);
        }
        assertEquals("old", files.load("/f"));
        files.fail("/g", "so", WriteMode.COPY, Remains.NOTHING);
        refused(Reason.NOT_FOUND, () -> files.stat("/g"));
        files.store("/f", "source", WriteMode.COPY);
        assertEquals("source", files.load("/f"));
        assertEquals(0, files.storage().sweepParts(Duration.ZERO));
    }

    @Test
    void aNewFileNeedsAFreeName() throws Exception {
        files.store("/f", "abc", WriteMode.CREATE_NEW);
        refused(Reason.ALREADY_EXISTS, () -> files.store("/f", "abc", WriteMode.CREATE_NEW));
        refused(Reason.OFFSET_OUT_OF_RANGE, () -> files.open("/f", WriteMode.resumeAt(4)));
        refused(Reason.OFFSET_OUT_OF_RANGE, () -> files.open("/g", WriteMode.resumeAt(1)));
        assertEquals(0640, files.stat("/f").mode());
    }
}
