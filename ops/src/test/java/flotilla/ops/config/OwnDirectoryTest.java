package flotilla.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnDirectoryTest {
    private static final int NOBODY = 65_534;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path working;

    private static void give(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
    }

    private static void assertRefused(String why, Path directory) {
        Optional<String> problem = OwnDirectory.problem(directory);
        assertTrue(problem.isPresent() && problem.get().contains(why), problem::toString);
    }

    @Test
    @DisplayName("one's own directory, and one that is not there yet, may be used")
    void own() throws IOException {
        assertEquals(Optional.empty(), OwnDirectory.problem(working.resolve("later")));
        assertEquals(Optional.empty(), OwnDirectory.problem(Files.createDirectory(working.resolve("own"))));
    }

    @Test
    @DisplayName("a directory that everybody may write in is refused")
    void writable() throws IOException {
        Path open = Files.createDirectory(working.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xrwx"));
        assertRefused("every user may write", open);
    }

    @Test
    @DisplayName("a directory of another user is refused, also behind a link, and so is his link to one's own")
    void ofAnother() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a directory away");
        Path own = Files.createDirectory(working.resolve("own"));
        Path foreign = Files.createDirectory(working.resolve("foreign"));
        give(foreign);
        assertRefused("belongs to another user", foreign);
        assertRefused("belongs to another user", Files.createSymbolicLink(working.resolve("to-foreign"), foreign));
        Path link = Files.createSymbolicLink(working.resolve("to-own"), own);
        assertEquals(Optional.empty(), OwnDirectory.problem(link));
        give(link);
        assertRefused("belongs to another user", link);
    }

    @Test
    @DisplayName("a configuration is refused for a relative data-dir of another user, and takes an absolute one")
    void dataDirectory() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a directory away");
        Path foreign = Files.createDirectory(working.resolve("foreign"));
        give(foreign);
        Path relative = Path.of("").toAbsolutePath().relativize(foreign);
        ConfigException refused = assertThrows(ConfigException.class, () -> load(relative));
        assertTrue(refused.getMessage().contains("belongs to another user"), refused::getMessage);
        assertEquals(foreign, load(foreign).dataDir());
    }

    private static Configuration load(Path dataDir) throws ConfigException {
        return Configuration.load(Optional.empty(), Map.of(), List.of("flotilla.data-dir=" + dataDir));
    }
}
