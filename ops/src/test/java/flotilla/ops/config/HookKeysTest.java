package flotilla.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.extension.Extension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HookKeysTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Configuration load(String hooks) throws ConfigException, IOException {
        Path file = Files.writeString(directory.resolve("flotilla.conf"), "flotilla.hooks.named = " + hooks);
        return Configuration.load(Optional.of(file), Map.of(), List.of("flotilla.data-dir=" + directory));
    }

    @Test
    @DisplayName(
            "hooks come in the order of their names, each with its own keys, which no text of the configuration shows")
    void read() throws Exception {
        Configuration configuration =
                load("{ web { type = http, token = SECRET }, audit { type = file, deep.key = 5 } }");
        List<Extension> hooks = configuration.extensions().hooks().hooks();
        assertEquals(
                List.of("audit", "web"), hooks.stream().map(Extension::name).toList());
        assertEquals(5, hooks.get(0).settings().getInt("deep.key"));
        assertFalse(configuration.toString().contains("SECRET"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5|needs an object",
                "{ web { type = http, token = SECRET }, audit = SECRET }|needs an object for audit",
                "{ web { token = SECRET } }|flotilla.hooks.named.web: needs a type",
                "{ web { type { token = SECRET } } }|flotilla.hooks.named.web: needs a type",
                "{ Web { type = http, token = SECRET } }|needs names of small letters"
            })
    @DisplayName("a mistake is named, and shows no other key's value")
    void mistakes(String hooks, String problem) {
        ConfigException refused = assertThrows(ConfigException.class, () -> load(hooks));
        assertTrue(refused.getMessage().contains(problem), refused::getMessage);
        assertFalse(refused.getMessage().contains("SECRET"), refused::getMessage);
    }

    @Test
    @DisplayName("a node has at most sixteen hooks")
    void tooMany() {
        StringBuilder hooks = new StringBuilder("{");
        for (int i = 0; i <= 16; i++) {
            hooks.append(" h").append(i).append(" { type = file },");
        }
        ConfigException refused = assertThrows(ConfigException.class, () -> load(hooks + " }"));
        assertTrue(refused.getMessage().contains("has 17 hooks; a node may have 16"), refused::getMessage);
    }
}
