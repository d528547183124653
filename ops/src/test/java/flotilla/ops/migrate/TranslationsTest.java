package flotilla.ops.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.config.Configuration;
import flotilla.ops.e2e.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Configurations of other servers as guides have them, and as Debian installs them. Each {@code NAME.SERVER.conf} has an
 * {@code .expected} with the keys of the translation, and a line beginning with {@code !} for each note.
 */
class TranslationsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path shared;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path work;

    @BeforeAll
    static void files() throws Exception {
        Command.Result made = Command.run(
                "cert",
                "new",
                "--dns",
                "ftp.example.com",
                shared.resolve("cert.pem").toString());
        assertEquals(0, made.exit(), made.err());
        Files.writeString(shared.resolve("list"), "root\n");
    }

    private static Path resources() throws Exception {
        return Path.of(Objects.requireNonNull(TranslationsTest.class.getResource("/migrate"))
                .toURI());
    }

    static List<String> configurations() throws Exception {
        try (Stream<Path> files = Files.list(resources())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".conf"))
                    .sorted()
                    .toList();
        }
    }

    private static String command(String name) {
        return name.endsWith(".vsftpd.conf") ? "vsftpd" : name.endsWith(".proftpd.conf") ? "proftpd" : "pure-ftpd-conf";
    }

    @ParameterizedTest
    @MethodSource("configurations")
    @DisplayName("a usual configuration has the translation that is expected, which is a working configuration")
    void translated(String name) throws Exception {
        String text = Files.readString(resources().resolve(name))
                .replace("@CERT@", shared.resolve("cert.pem").toString())
                .replace("@LIST@", shared.resolve("list").toString());
        Path in = Files.writeString(work.resolve(name), text);
        Path out = work.resolve("flotilla.conf");
        Command.Result done = Command.run("import", command(name), in.toString(), "--out", out.toString());
        assertEquals(0, done.exit(), done.err());

        String keys = Files.readAllLines(out).stream()
                .filter(line -> line.startsWith("  ") && !line.startsWith("  #"))
                .map(String::strip)
                .collect(Collectors.joining("\n", "", "\n"));
        String notes = done.err()
                .lines()
                .map(line -> line.replace(in + ":", "! "))
                .collect(Collectors.joining("\n", "", "\n"));
        String actual = (keys + notes)
                .replace(shared.resolve("cert.pem").toString(), "@CERT@")
                .replace(shared.resolve("list").toString(), "@LIST@");
        assertEquals(Files.readString(resources().resolve(name.replace(".conf", ".expected"))), actual);
        assertTrue(Configuration.load(Optional.of(out), Map.of(), List.of("flotilla.data-dir=" + work))
                .dataDir()
                .isAbsolute());
    }
}
