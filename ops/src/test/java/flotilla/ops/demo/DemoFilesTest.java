package flotilla.ops.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.config.Configuration;
import flotilla.storage.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a demonstration. */
class DemoFilesTest {
    private static DemoPlan plan(Path directory, Optional<Path> s3proxy) {
        return new DemoPlan(
                directory, "127.0.0.1", List.of("127.0.0.2", "127.0.0.3"), 2121, 9990, "21000-21009", s3proxy);
    }

    @Test
    @DisplayName("with a service of objects the nodes' configurations name no shared directory")
    void objects(@TempDir Path directory) throws Exception {
        DemoFiles files = new DemoFiles(plan(directory, Optional.of(Path.of("s3proxy.jar"))));
        files.makeSecrets();
        files.writeConfigurations("jdbc:h2:tcp://127.0.0.1:1/./users", false);
        Configuration node = Configuration.load(Optional.of(files.configuration(0)), Map.of(), List.of());
        assertFalse(node.node().storage().hasRoot());
        assertFalse(Files.exists(files.storage()));
        StoreSettings store = node.node().storage().stores().get(0);
        assertEquals("file:" + directory.resolve("s3-credentials"), store.require("credentials"));
    }

    @Test
    @DisplayName("what clients are given to trust is the server's certificate, without its key")
    void certificate(@TempDir Path directory) throws Exception {
        DemoPlan plan = plan(directory, Optional.empty());
        DemoFiles files = new DemoFiles(plan);
        files.makeSecrets();
        String given = Files.readString(files.certificate());
        String served = Files.readString(directory.resolve("server.pem"));
        assertTrue(served.contains("PRIVATE KEY"));
        assertFalse(given.contains("PRIVATE KEY"), "clients get the key");
        assertTrue(served.contains(given.strip()), "another certificate");
        String guide = new DemoGuide(plan, files, "flotilla").text("secret", Map.of(), true);
        assertEquals(3, guide.lines().filter(line -> line.contains("--cacert")).count());
        assertTrue(guide.lines()
                .filter(line -> line.contains("--cacert"))
                .allMatch(line -> line.contains("--cacert " + files.certificate() + " ")));
    }
}
