package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose default store is sealed, and the ways to its files without it. */
@Timeout(180)
class SealedStoreTest {
    private static final int MIB = 1 << 20;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path keys;

    @SuppressWarnings("NullAway.Init")
    private static ServerProcess server;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    @BeforeAll
    static void start() {
        assertEquals(0, Command.run("key", "new", key().toString()).exit());
        server = ServerProcess.start("flotilla.storage.encryption.key-file=" + key());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Path key() {
        return keys.resolve("files.key");
    }

    private Program.Result lftp(Account account, String commands) throws Exception {
        String script = "set cmd:fail-exit true; set ftp:ssl-force true; set net:max-retries 1; set net:timeout 20;"
                + "set xfer:clobber true; set ssl:ca-file " + server.certificate() + "\nopen -u " + account.name() + ","
                + account.password() + " ftp://127.0.0.1:" + server.explicitPort() + "\n" + commands + "\n";
        return Program.of(work, "lftp", "--norc", "-c", script).run();
    }

    private Program curl(Account account, String... arguments) {
        return CurlClient.curl(work, server, account, arguments);
    }

    private static String url(String path) {
        return "ftp://localhost:" + server.explicitPort() + "/" + path;
    }

    private static Path stored(Account account, String name) {
        return server.storage().resolve(account.name()).resolve(name);
    }

    @Test
    @DisplayName("curl and lftp upload, list, resume downloads and rename, and sizes are those of the content")
    void files() throws Exception {
        Account account = server.newAccount();
        byte[] bytes = Files.readAllBytes(Program.file(work.resolve("sent"), 3 * MIB + 17));
        curl(account, "-T", "sent", url("f")).run().ok();
        Files.createFile(work.resolve("empty"));
        lftp(account, "put empty\nmv f g\ncls -l --block-size=1").ok().containing(String.valueOf(bytes.length));
        assertEquals(-1, Files.mismatch(stored(account, "empty"), stored(account, "empty")));
        assertEquals(56, Files.size(stored(account, "empty")));
        assertTrue(Files.size(stored(account, "g")) > bytes.length);
        for (int kept : new int[] {0, 65_480, 65_481, 2 * MIB, bytes.length - 1}) {
            Files.write(work.resolve("got"), Arrays.copyOf(bytes, kept));
            curl(account, "-C", String.valueOf(kept), "-o", "got", url("g"))
                    .run()
                    .ok();
            assertArrayEquals(bytes, Files.readAllBytes(work.resolve("got")));
        }
        Files.write(work.resolve("g"), Arrays.copyOf(bytes, 1_234_567));
        lftp(account, "reget g\npget -n 3 g -o parts\nget empty -o void").ok();
        assertArrayEquals(bytes, Files.readAllBytes(work.resolve("g")));
        assertArrayEquals(bytes, Files.readAllBytes(work.resolve("parts")));
        assertEquals(0, Files.size(work.resolve("void")));
        curl(account, "--append", "-T", "sent", url("g")).run().exits(25).containing("504");
    }

    @Test
    @DisplayName("a file that is not sealed, or damaged, gets 451, no byte, and one line of the log")
    void damage() throws Exception {
        Account account = server.newAccount();
        Program.file(work.resolve("sent"), 300_000);
        curl(account, "-T", "sent", url("f")).run().ok();
        byte[] damaged = Files.readAllBytes(stored(account, "f"));
        damaged[100] ^= 1;
        Files.write(stored(account, "f"), damaged);
        Files.writeString(stored(account, "g"), "this was put there by hand, and is not sealed at all");
        try (FtpDriver ftp = FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account)) {
            ftp.command("TYPE I").expect(200);
            for (String name : List.of("f", "g", "f")) {
                try (DataChannel data = ftp.transfer("RETR " + name)) {
                    assertEquals(0, data.readAll().length);
                }
                ftp.reply().expect(451);
            }
        }
        String lines = server.errors();
        assertTrue(lines.contains("/f of the default store cannot be opened"), lines);
        assertEquals(
                1,
                lines.lines().filter(line -> line.contains("cannot be opened")).count(),
                lines);
    }

    @Test
    @DisplayName("bin/unseal, which knows nothing of Flotilla, opens a file, also one of an older generation")
    void python() throws Exception {
        Account account = server.newAccount();
        Path copy = Files.copy(key(), work.resolve("copy.key"));
        for (int length : new int[] {0, 1, 65_480, 65_481, 200_000}) {
            Path sent = Program.file(work.resolve("sent" + length), length);
            curl(account, "-T", "sent" + length, url("f" + length)).run().ok();
            unsealed(copy, stored(account, "f" + length)).ok();
            assertEquals(-1, Files.mismatch(sent, work.resolve("opened")));
        }
        assertEquals(0, Command.run("key", "rotate", copy.toString()).exit());
        unsealed(copy, stored(account, "f200000")).ok();
        byte[] damaged = Files.readAllBytes(stored(account, "f200000"));
        damaged[150_000] ^= 1;
        Files.write(stored(account, "f200000"), damaged);
        unsealed(copy, stored(account, "f200000")).exits(1).containing("damaged");
    }

    private Program.Result unsealed(Path key, Path file) throws Exception {
        return Program.of(
                        work,
                        "sh",
                        "-c",
                        "for python in /usr/bin/python3 python3; do $python -c 'import cryptography' && exec $python \"$@\" > opened;"
                                + " done",
                        "sh")
                .with(Path.of("bin/unseal").toAbsolutePath().toString(), key.toString(), file.toString())
                .run();
    }

    @Test
    @DisplayName("the program of the documentation opens a file with Tink alone")
    void tink() throws Exception {
        Account account = server.newAccount();
        Path sent = Program.file(work.resolve("sent"), 200_000);
        curl(account, "-T", "sent", url("f")).run().ok();
        Matcher code = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/secure/encryption.md")));
        assertTrue(code.find());
        Files.writeString(work.resolve("Unseal.java"), code.group(1));
        Program.of(work, Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .with("-cp", System.getProperty("java.class.path"), "Unseal.java")
                .with(key().toString(), stored(account, "f").toString(), "opened")
                .run()
                .ok();
        assertEquals(-1, Files.mismatch(sent, work.resolve("opened")));
    }

    @Test
    @DisplayName(
            "key new never replaces a file, key rotate --prepare adds a generation that opens, and nothing shows a key")
    void keys() throws Exception {
        String file = work.resolve("my.key").toString();
        assertEquals(0, Command.run("key", "new", file).exit());
        String before = Files.readString(Path.of(file));
        Command.Result again = Command.run("key", "new", file);
        assertEquals(1, again.exit());
        assertTrue(again.err().contains("is there already"), again.err());
        assertEquals(before, Files.readString(Path.of(file)));
        Command.Result prepared = Command.run("key", "rotate", "--prepare", file);
        assertTrue(prepared.out().matches("(?s).*1 +\\d+ +seals and opens\\s+2 +\\d+ +opens\\s*"), prepared.out());
        assertEquals(1, Command.run("key", "rotate", "--prepare", file).exit());
        Command.Result rotated = Command.run("key", "rotate", file);
        assertTrue(rotated.out().matches("(?s).*1 +\\d+ +opens\\s+2 +\\d+ +seals and opens\\s*"), rotated.out());
        assertTrue(Command.run("key", "show", "--json", file).out().contains("\"seals\" : true"));
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file))));
        Files.setPosixFilePermissions(
                Path.of(file), java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        Command.Result check = Command.run("check", "--set", "flotilla.storage.encryption.key-file=" + file);
        assertEquals(78, check.exit());
        assertTrue(check.err().contains("chmod 600"), check.err());
    }

    @Test
    @DisplayName("a quota counts the content: uploads, replaced files, removed files")
    void quota() throws Exception {
        Account account = server.newAccount();
        server.flotilla("user", "set", account.name(), "--quota", "250000");
        Program.file(work.resolve("part"), 100_000);
        Program.file(work.resolve("rest"), 150_000);
        Program.file(work.resolve("one"), 1);
        curl(account, "-T", "part", url("f")).run().ok();
        curl(account, "-T", "part", url("f")).run().ok();
        curl(account, "-T", "rest", url("g")).run().ok();
        curl(account, "-v", "-T", "one", url("h")).run().containing("< 552 ");
        curl(account, "-Q", "DELE g", url("")).run().ok();
        curl(account, "-T", "rest", url("h")).run().ok();
    }

    @Test
    @DisplayName("a running server seals with a new generation soon, and goes on opening files of the old one")
    void rotation() throws Exception {
        Account account = server.newAccount();
        Path before = Files.copy(key(), work.resolve("before.key"));
        Path sent = Program.file(work.resolve("sent"), 100_000);
        curl(account, "-T", "sent", url("old")).run().ok();
        assertEquals(0, Command.run("key", "rotate", key().toString()).exit());
        Await.until("sealed with the new key", () -> {
            curl(account, "-T", "sent", url("new")).run().ok();
            return unsealed(before, stored(account, "new")).exit() == 1;
        });
        unsealed(key(), stored(account, "new")).ok();
        for (String name : List.of("old", "new")) {
            curl(account, "-o", "got", url(name)).run().ok();
            assertEquals(-1, Files.mismatch(sent, work.resolve("got")));
        }
    }

    @Test
    @DisplayName("FEAT offers REST, SIZE tells the content, and an upload cannot be resumed")
    void features() throws Exception {
        Account account = server.newAccount();
        Program.file(work.resolve("sent"), 70_000);
        curl(account, "-T", "sent", url("f")).run().ok();
        try (FtpDriver ftp = FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account)) {
            assertEquals("70000", ftp.command("SIZE f").expect(213).text());
            String features = String.join("\n", ftp.command("FEAT").expect(211).inner());
            assertTrue(features.contains("REST STREAM"), features);
            assertFalse(features.contains("APPE"), features);
            ftp.command("QUIT").expect(221);
        }
    }
}
