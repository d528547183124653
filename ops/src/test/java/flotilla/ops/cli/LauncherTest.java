package flotilla.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code ops/bin/flotilla} of a checkout, and the one of the installation that a build makes there, with a
 * {@code java} that prints its arguments. When an archive is made, the server lives until the commands have made theirs.
 */
@Timeout(60)
class LauncherTest {
    private static final String JAVA = """
            #!/bin/bash
            for argument; do
              case $argument in
                -XX:AOTCacheOutput=*) archive=${argument#*=} ;;
              esac
            done
            if [ -z "${archive:-}" ]; then
              echo "java $* CLASSPATH=${CLASSPATH:-}"
              exit
            fi
            : >"$archive"
            case " $* " in
              *" serve "*)
                echo "flotilla: ready"
                until ls "${archive%/*}"/commands-* >/dev/null 2>&1; do
                  sleep 0.05
                done
                ;;
            esac
            """;
    private static final String CHECKOUT = "installed/ops/bin/flotilla";
    private static final String BUILT = "installed/ops/target/flotilla/";
    private static final String INSTALLED = BUILT + "bin/flotilla";
    private static final String JAR = BUILT + "lib/flotilla.jar";
    private static final Pattern CLASS_PATH = Pattern.compile("CLASSPATH=(\\S+)");
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private record Result(int exit, String out, String err) {}

    @BeforeEach
    void install() throws IOException {
        open(directory);
        write(CHECKOUT, Files.readString(Path.of("bin", "flotilla")));
        write(INSTALLED, Files.readString(Path.of("src", "main", "dist", "bin", "flotilla")));
        Files.createDirectories(directory.resolve(BUILT + "archives"));
        write("java/bin/java", JAVA);
        write("java/release", "JAVA_VERSION=\"25.0.1\"\n");
        FileTime old = FileTime.from(Instant.now().minusSeconds(3_600));
        for (String source : List.of("", "storage/", "cluster/", "node/", "ops/")) {
            Files.setLastModifiedTime(write("installed/" + source + "pom.xml", ""), old);
            if (!source.isEmpty()) {
                Files.setLastModifiedTime(write("installed/" + source + "src/main/x", ""), old);
            }
        }
        Files.setLastModifiedTime(write(JAR, ""), old);
        write(BUILT + ".built", "");
        for (String module : List.of("storage", "cluster", "node", "ops")) {
            Files.setLastModifiedTime(directory.resolve("installed/" + module + "/src/main"), old);
        }
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private static void open(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Result serve(List<String> as) throws Exception {
        return serve(as, "");
    }

    private Result serve(List<String> as, String extensions) throws Exception {
        return launch(as, "serve", extensions);
    }

    private Result launch(List<String> as, String subcommand, String extensions) throws Exception {
        return launch(as, CHECKOUT, subcommand, extensions);
    }

    private Result launch(List<String> as, String launcher, String subcommand, String extensions) throws Exception {
        List<String> command = new ArrayList<>(as);
        command.addAll(List.of(directory.resolve(launcher).toString(), subcommand));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .put("FLOTILLA_JAVA_HOME", directory.resolve("java").toString());
        builder.environment().remove("FLOTILLA_NO_ARCHIVE");
        builder.environment().put("FLOTILLA_CLASSPATH", extensions);
        Path errors = directory.resolve("errors");
        Process process = builder.redirectError(errors.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, Files.readString(errors));
    }

    @Test
    @DisplayName(
            "a start never waits for an archive: it says how one is made, and uses the one that was made for these jars")
    void archive() throws Exception {
        Result first = serve(List.of());
        assertEquals(0, first.exit(), first.err());
        assertTrue(first.err().contains("without an archive of classes"), first.err());
        assertTrue(first.err().contains("installed/ops/bin/flotilla archive makes one"), first.err());
        assertFalse(first.out().contains("-XX:AOTCache"), first.out());
        Result made = launch(List.of(), "archive", "");
        assertEquals(0, made.exit(), made.err());
        Result second = serve(List.of());
        assertEquals("", second.err());
        assertTrue(
                second.out().contains("-XX:AOTCache=") && second.out().contains("flotilla.ops.Main serve"),
                second.out());
        Result command = launch(List.of(), "sessions", "");
        assertTrue(
                command.out().contains("/archives/commands-25-")
                        && command.out().contains("flotilla.ops.Main sessions"),
                command.out());
        Files.setLastModifiedTime(
                directory.resolve(JAR), FileTime.from(Instant.now().plusSeconds(5)));
        Result other = serve(List.of());
        assertFalse(other.out().contains("-XX:AOTCache"), "an archive of other jars is not used: " + other.out());
    }

    @Test
    @DisplayName("an update of the JDK or of the jars needs a new archive, which replaces the old one")
    void update() throws Exception {
        assertEquals(0, launch(List.of(), INSTALLED, "archive", "").exit());
        for (Update update : List.<Update>of(
                () -> write("java/release", "JAVA_VERSION=\"25.0.2\"\n"),
                () -> Files.move(directory.resolve(JAR), directory.resolve(BUILT + "lib/flotilla-2.jar")))) {
            update.make();
            Result before = launch(List.of(), INSTALLED, "serve", "");
            assertFalse(before.out().contains("-XX:AOTCache"), before.out());
            assertEquals(0, launch(List.of(), INSTALLED, "archive", "").exit());
            Result after = launch(List.of(), INSTALLED, "serve", "");
            assertTrue(after.out().contains("-XX:AOTCache"), after.out());
            try (Stream<Path> files = Files.list(directory.resolve(BUILT + "archives"))) {
                assertEquals(
                        2,
                        files.filter(file -> file.toString().endsWith(".aot")).count(),
                        "one for each JVM");
            }
        }
    }

    private interface Update {
        void make() throws IOException;
    }

    @Test
    @DisplayName("an archive that cannot be made is told, with the reason")
    void noArchive() throws Exception {
        write("java/bin/java", "#!/bin/bash\necho no room; exit 1\n");
        Result failed = launch(List.of(), "archive", "");
        assertEquals(1, failed.exit(), failed.err());
        assertTrue(
                failed.err().contains("no room") && failed.err().contains("not all archives were made"), failed.err());
    }

    @Test
    @DisplayName("nothing is loaded from the directory where the command is given: others may write there")
    void classPath() throws Exception {
        String out = serve(List.of()).out() + serve(List.of()).out();
        Matcher matcher = CLASS_PATH.matcher(out);
        assertTrue(matcher.find(), out);
        String lib = directory.resolve(BUILT + "lib").toRealPath() + "/";
        for (String element : matcher.group(1).split(":", -1)) {
            assertTrue(element.startsWith(lib) && element.endsWith(".jar"), matcher.group(1));
        }
    }

    @Test
    @DisplayName("jars of extensions come behind the server's own, and are named by absolute paths")
    void extensions() throws Exception {
        serve(List.of());
        String out = serve(List.of(), "/a/one.jar:/b/two.jar").out();
        assertTrue(out.contains("/flotilla.jar:/a/one.jar:/b/two.jar\n"), out);
        for (String path : List.of("one.jar", "/a/one.jar:two.jar", "/a/one.jar::/b/two.jar")) {
            Result refused = serve(List.of(), path);
            assertEquals(1, refused.exit(), path);
            assertTrue(refused.err().contains("FLOTILLA_CLASSPATH needs absolute paths"), refused.err());
        }
    }

    @Test
    @DisplayName("a user who may not write the installation starts a server from it")
    void ofAnotherUser() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
        Path built = directory.resolve(BUILT);
        for (boolean stale : new boolean[] {false, true}) {
            if (stale) {
                Files.setLastModifiedTime(
                        write("installed/ops/src/main/x", ""),
                        FileTime.from(Instant.now().plusSeconds(5)));
            }
            Result served = serve(AS_NOBODY);
            assertEquals(0, served.exit(), served.err());
            assertEquals("", served.err());
            assertTrue(served.out().contains("flotilla.ops.Main serve"), served.out());
            assertFalse(served.out().contains("-XX:AOTCache"), served.out());
        }
        try (Stream<Path> files = Files.walk(built)) {
            assertEquals(3, files.filter(Files::isRegularFile).count(), "nothing was written");
        }
        Files.delete(built.resolve(".built"));
        Result none = serve(AS_NOBODY);
        assertEquals(1, none.exit());
        assertTrue(none.err().contains("nothing is built in"), none.err());
    }
}
