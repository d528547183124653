package flotilla.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.StoreSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreKeysTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private List<StoreSettings> load(String... settings) throws ConfigException {
        List<String> all = new ArrayList<>(List.of(
                "flotilla.data-dir=" + directory,
                "flotilla.storage.default=archive",
                "flotilla.storage.stores.archive.type=local",
                "flotilla.storage.stores.archive.root=" + directory.resolve("archive")));
        all.addAll(List.of(settings));
        return Configuration.load(Optional.empty(), Map.of(), all)
                .node()
                .storage()
                .stores();
    }

    @Test
    @DisplayName(
            "a key file of storage.root is refused where another store is the default one: its files would be in clear")
    void keyFileWithoutEffect() throws Exception {
        assertEquals(
                List.of("archive"), load().stream().map(StoreSettings::name).toList());
        ConfigException refused = assertThrows(
                ConfigException.class,
                () -> load("flotilla.storage.encryption.key-file=" + directory.resolve("files.key")));
        assertTrue(
                refused.getMessage().contains("set flotilla.storage.stores.archive.encryption.key-file"),
                refused::getMessage);
    }
}
