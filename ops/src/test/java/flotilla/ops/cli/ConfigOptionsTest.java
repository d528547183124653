package flotilla.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigOptionsTest {
    private static final String VARIABLE = "FLOTILLA_CONFIG";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Optional<Path> file(Optional<Path> option, Map<String, String> environment) {
        return ConfigOptions.file(option, environment, directory.resolve("flotilla.conf"));
    }

    @Test
    void theOptionWinsOverTheVariableAndTheVariableOverTheUsualFile() throws Exception {
        Path usual = Files.createFile(directory.resolve("flotilla.conf"));

        assertEquals(Optional.of(usual), file(Optional.empty(), Map.of(VARIABLE, "")));
        assertEquals(Optional.of(Path.of("/srv/one.conf")), file(Optional.empty(), Map.of(VARIABLE, "/srv/one.conf")));
        assertEquals(
                Optional.of(Path.of("two.conf")),
                file(Optional.of(Path.of("two.conf")), Map.of(VARIABLE, "/srv/one.conf")));
    }

    @Test
    void withoutTheUsualFileTheDefaultsApply() {
        assertEquals(Optional.empty(), file(Optional.empty(), Map.of()));
    }
}
