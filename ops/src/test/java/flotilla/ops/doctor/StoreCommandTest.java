package flotilla.ops.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ExtensionJar;
import flotilla.storage.StorageProvider;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code flotilla store check} on stores of several kinds. */
class StoreCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @BeforeEach
    void make() throws Exception {
        Files.createDirectory(directory.resolve("root"));
        Files.createDirectory(directory.resolve("archive"));
    }

    private Command.Result check(List<String> arguments, String... settings) {
        List<String> all = new ArrayList<>(List.of("store", "check"));
        all.addAll(arguments);
        List<String> given = new ArrayList<>(List.of(
                "data-dir=" + directory.resolve("data"),
                "storage.root=" + directory.resolve("root"),
                "storage.stores.archive.type=local",
                "storage.stores.archive.root=" + directory.resolve("archive")));
        given.addAll(List.of(settings));
        given.forEach(setting -> all.addAll(List.of("--set", "flotilla." + setting)));
        return Command.run(all.toArray(String[]::new));
    }

    @Test
    @DisplayName("the lifecycle rules of a bucket outlast storage.parts-age, and are for stores of the type s3 only")
    void lifecycle() throws Exception {
        List<String> command = List.of(
                "store",
                "lifecycle",
                "archive",
                "--set",
                "flotilla.data-dir=" + directory.resolve("data"),
                "--set",
                "flotilla.storage.parts-age=72h",
                "--set",
                "flotilla.storage.stores.archive.prefix=ftp/",
                "--set",
                "flotilla.storage.stores.archive.bucket=b");
        List<String> s3 = new ArrayList<>(command);
        s3.addAll(List.of("--set", "flotilla.storage.stores.archive.type=s3"));
        Command.Result printed = Command.run(s3.toArray(String[]::new));
        assertEquals(0, printed.exit(), printed.err());
        JsonNode rules = new ObjectMapper().readTree(printed.out()).get("Rules");
        assertEquals(
                10,
                rules.at("/0/AbortIncompleteMultipartUpload/DaysAfterInitiation")
                        .asInt());
        assertEquals("ftp/", rules.at("/0/Filter/Prefix").asText());
        assertEquals(10, rules.at("/1/Expiration/Days").asInt());
        assertEquals("ftp/.flotilla-parts/", rules.at("/1/Filter/Prefix").asText());
        Command.Result refused =
                Command.run("store", "lifecycle", "default", "--set", "flotilla.data-dir=" + directory.resolve("data"));
        assertEquals(1, refused.exit());
        assertTrue(refused.err().contains("has the type local, not s3"), refused.err());
    }

    private static void assertSteps(Command.Result result, String... steps) {
        String joined = result.out().replaceAll("\\R {20,}", " ");
        for (String step : steps) {
            assertTrue(joined.lines().anyMatch(line -> line.matches("  " + step)), result.out() + result.err());
        }
    }

    private List<Path> left() throws Exception {
        List<Path> left = new ArrayList<>();
        for (String root : List.of("root", "archive")) {
            try (Stream<Path> files = Files.list(directory.resolve(root))) {
                files.forEach(left::add);
            }
        }
        return left;
    }

    @Test
    @DisplayName("all steps work in stores of directories, sealed or not, and nothing is left there")
    void directories() throws Exception {
        String key = directory.resolve("files.key").toString();
        assertEquals(0, Command.run("key", "new", key).exit());
        Command.Result result =
                check(List.of("--all"), "storage.stores.archive.encryption.key-file=" + key, "storage.required=true");
        assertEquals(0, result.exit(), result.out() + result.err());
        assertSteps(
                result,
                "ok +write +65536 bytes written, in .*",
                "ok +read +read from its beginning and from byte 40000 on, in .*",
                "ok +list +listed, in .*",
                "ok +resume +a broken upload resumed at byte 40000, in .*",
                "ok +append +appended, in .*",
                "ok +rename +renamed, in .*",
                "ok +remove +removed, in .*",
                "(ok|warn) +space +[0-9]+ MiB are free\\..*");
        assertTrue(result.out().contains("Store default, local") && result.out().contains("Store archive, local"));
        assertEquals(
                1, result.out().lines().filter(line -> line.contains("append")).count(), result.out());
        assertEquals(List.of(), left());
    }

    @Test
    @DisplayName("a store that is no directory fails at its first step, with what to do; --json says so, too")
    void fails() throws Exception {
        Files.delete(directory.resolve("archive"));
        Files.createFile(directory.resolve("archive"));
        Command.Result result = check(List.of("archive"));
        assertEquals(1, result.exit());
        assertSteps(result, "FAIL +open +.*archive.* Look at the mount, and at the rights of .* there\\.");
        Command.Result json = check(List.of("--all", "--json"));
        assertEquals(1, json.exit());
        assertTrue(json.out().contains("\"section\" : \"Store archive, local\""), json.out());
        assertTrue(json.out().contains("\"failed\" : true"), json.out());
    }

    @Test
    @DisplayName("a third party's store is tried by what it can do")
    void thirdParty() throws Exception {
        Path jar = ExtensionJar.of(directory, "extension/PlainStores.java.txt", StorageProvider.class.getName());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader with = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(with);
            Path away = directory.resolve("away");
            String[] box = {
                "storage.stores.box.type=plain", "storage.stores.box.largest=1000000", "storage.stores.box.away=" + away
            };
            Command.Result result = check(List.of("box"), box);
            assertEquals(0, result.exit(), result.out() + result.err());
            assertSteps(
                    result,
                    "ok +rename +renamed, though not in one step, in .*",
                    "ok +space +Its free space is not known\\.");
            assertTrue(!result.out().contains("resume") && !result.out().contains("append"), result.out());
            String key = directory.resolve("files.key").toString();
            assertEquals(0, Command.run("key", "new", key).exit());
            List<String> sealed = new ArrayList<>(List.of(box));
            sealed.add("storage.stores.box.encryption.key-file=" + key);
            sealed.add("storage.stores.box.required=false");
            assertEquals(0, check(List.of("box"), sealed.toArray(String[]::new)).exit());
            Files.createFile(away);
            Command.Result failed = check(List.of("box"), box);
            assertEquals(1, failed.exit());
            assertSteps(failed, "FAIL +directory +It fails: the service does not answer\\. Look at its keys.*");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    @DisplayName("a name of no store is refused with the names that there are, and no name needs --all")
    void names() {
        Command.Result result = check(List.of("gone"));
        assertEquals(1, result.exit());
        assertTrue(result.err().contains("there is no store gone; there are default, archive"), result.err());
        assertEquals(2, check(List.of()).exit());
        Command.Result named = check(List.of("default"), "storage.default=archive");
        assertEquals(0, named.exit(), named.out() + named.err());
        assertTrue(named.out().contains("Store archive, local"), named.out());
        Command.Result none = check(List.of("gone"), "storage.default=archive");
        assertTrue(none.err().contains("there is no store gone; there are default, archive"), none.err());
        assertEquals(2, check(List.of("archive", "--all")).exit());
        assertEquals(0, check(List.of("default")).exit());
    }
}
