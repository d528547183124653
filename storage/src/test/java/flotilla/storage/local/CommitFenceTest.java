package flotilla.storage.local;

import static flotilla.storage.StorageActions.put;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.WriteMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that others take for dead changes none of their files. */
class CommitFenceTest {
    private final AtomicBoolean holds = new AtomicBoolean(true);

    @TempDir
    private Path root;

    private StorageActions files(LocalOptions.Atomic atomic) throws Exception {
        return new StorageActions(
                LocalStorage.open(root, LocalOptions.defaults().withAtomic(atomic)));
    }

    private ByteSink begun(StorageActions files, WriteMode mode) throws Exception {
        ByteSink sink = files.open("/f", mode);
        sink.fenceBy(holds::get);
        put(sink, "zombie");
        return sink;
    }

    @ParameterizedTest
    @EnumSource(names = {"ON", "FSYNC"})
    void anUploadIsNotMadeVisible(LocalOptions.Atomic atomic) throws Exception {
        StorageActions files = files(atomic);
        for (WriteMode mode : List.of(WriteMode.REPLACE, WriteMode.CREATE_NEW)) {
            try (ByteSink sink = begun(files, mode)) {
                Files.writeString(root.resolve("f"), "of another process");
                holds.set(false);
                refused(Reason.IO, sink::commit);
            }
            assertEquals("of another process", files.load("/f"));
            Files.delete(root.resolve("f"));
            holds.set(true);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ON", "FSYNC"})
    void anAppendThatFailsCutsNothingOff(LocalOptions.Atomic atomic) throws Exception {
        StorageActions files = files(atomic);
        StorageActions another = files(atomic);
        for (Remains remains : Remains.values()) {
            files.store("/f", "old ");
            try (ByteSink sink = begun(files, WriteMode.APPEND)) {
                another.store("/f", "line of another process", WriteMode.APPEND);
                holds.set(false);
                sink.abort(remains);
            }
            assertEquals("old line of another process", files.load("/f"));
            holds.set(true);
        }
    }

    @Test
    void anAppendInPlaceThatFailsCutsNothingOff() throws Exception {
        StorageActions files = files(LocalOptions.Atomic.OFF);
        files.store("/f", "old ");
        try (ByteSink sink = begun(files, WriteMode.APPEND)) {
            Files.writeString(root.resolve("f"), "old line");
            holds.set(false);
            sink.abort(Remains.DISCARD);
        }
        assertEquals("old line", files.load("/f"));
    }

    @Test
    void anUploadInPlaceThatFailsRemovesNothing() throws Exception {
        StorageActions files = files(LocalOptions.Atomic.OFF);
        try (ByteSink sink = begun(files, WriteMode.REPLACE)) {
            holds.set(false);
            sink.abort(Remains.DISCARD);
        }
        assertEquals("zombie", files.load("/f"));
    }

    @ParameterizedTest
    @EnumSource
    void whatCouldNotBeCommittedIsUndoneOnceItMayBe(LocalOptions.Atomic atomic) throws Exception {
        StorageActions files = files(atomic);
        files.store("/f", "old ");
        try (ByteSink sink = begun(files, WriteMode.APPEND)) {
            holds.set(false);
            refused(Reason.IO, sink::commit);
            holds.set(true);
        }
        assertEquals("old ", files.load("/f"));
    }
}
