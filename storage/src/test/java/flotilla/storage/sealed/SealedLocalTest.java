package flotilla.storage.sealed;

import static flotilla.storage.StorageActions.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.Capability;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.StoreResources;
import flotilla.storage.StoreSettings;
import flotilla.storage.UploadContract;
import flotilla.storage.WriteMode;
import flotilla.storage.local.LocalProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a sealed store in directories, and what lies there. */
class SealedLocalTest extends UploadContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Path root() {
        return directory.resolve("root");
    }

    @Override
    protected StorageBackend create() throws Exception {
        Files.createDirectory(root());
        Path file = directory.resolve("store.key");
        KeyFile.create(file);
        StoreSettings settings = new StoreSettings(
                "box", "local", Map.of("root", root().toString(), SealedStore.KEY_FILE, file.toString()));
        return SealedStore.open(settings, plain -> new LocalProvider().open(plain, StoreResources.of(1 << 20, 1 << 20)))
                .home("", true);
    }

    @Test
    void contentIsSealedAndSizesAreThoseOfTheContent() throws Exception {
        String text = "the secret content of a file";
        files.store("/f", text);
        byte[] stored = Files.readAllBytes(root().resolve("f"));
        assertFalse(new String(stored, StandardCharsets.ISO_8859_1).contains("secret"));
        assertEquals(text.length() + 56, stored.length);
        assertEquals(text.length(), files.stat("/f").size());
        assertEquals(text.length(), files.list("/", 10).get(0).size());
        assertEquals(0, files.store("/empty", "").size());
        assertEquals("", files.load("/empty"));
        try (ByteSink sink = files.open("/f", WriteMode.REPLACE)) {
            put(sink, "x");
            sink.commit();
            assertEquals(text.length(), sink.replaced().orElseThrow());
        }
        assertEquals(1L, files.storage().delete(StorageActions.path("/f")).orElseThrow());
    }

    @Test
    void anUploadThatBreaksLeavesNothing() throws Exception {
        assertTrue(files.storage().capabilities().stream()
                .noneMatch(one -> one == Capability.APPEND || one == Capability.RESUME));
        files.store("/f", "old");
        for (Remains remains : Remains.values()) {
            files.fail("/f", "half of it", WriteMode.REPLACE, remains);
            files.fail("/g", "half of it", WriteMode.REPLACE, remains);
        }
        files.mkdir("/d");
        try (ByteSink sink = files.open("/d/f", WriteMode.REPLACE)) {
            put(sink, "x");
            files.mkdir("/d/f");
            StorageActions.refused(Reason.IS_A_DIRECTORY, sink::commit);
        }
        assertEquals("old", files.load("/f"));
        assertEquals(List.of("d", "f"), files.names("/"));
        try (Stream<Path> parts = Files.list(root().resolve(".flotilla-parts"))) {
            assertEquals(0, parts.count());
        }
        StorageActions.refused(Reason.UNSUPPORTED, () -> files.open("/f", WriteMode.resumeAt(1)));
        StorageActions.refused(Reason.UNSUPPORTED, () -> files.open("/f", WriteMode.APPEND));
    }
}
