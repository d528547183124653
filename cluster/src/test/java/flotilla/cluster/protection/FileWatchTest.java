package flotilla.cluster.protection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    @DisplayName(
            "a change of any file is seen once, also its coming and going, and once more when it could not be used")
    void changes() throws Exception {
        Path certificate = Files.writeString(directory.resolve("certificate.pem"), "1");
        Path key = directory.resolve("key.pem");
        FileWatch watch = new FileWatch(List.of(certificate, key));
        assertFalse(watch.hasChanged());
        Files.writeString(key, "1");
        assertTrue(watch.hasChanged());
        assertFalse(watch.hasChanged());
        Files.setLastModifiedTime(certificate, FileTime.fromMillis(1_000));
        assertTrue(watch.hasChanged());
        watch.again();
        assertTrue(watch.hasChanged());
        assertFalse(watch.hasChanged());
        Files.delete(key);
        assertTrue(watch.hasChanged());
        assertFalse(new FileWatch(List.of()).hasChanged());
    }
}
