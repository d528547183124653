package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.User;
import flotilla.ops.cli.FlotillaCommand;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ExtensionJar;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import flotilla.storage.StorageProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store from one jar on the class path, with none of the optional abilities. */
@Timeout(120)
class ExtensionStoreTest {
    /** curl takes 421 for a timeout. */
    private static final int CURL_REFUSED = 28;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path jars;

    @SuppressWarnings("NullAway.Init")
    private static ServerProcess server;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    @BeforeAll
    static void start() throws Exception {
        Path jar = ExtensionJar.of(jars, "extension/PlainStores.java.txt", StorageProvider.class.getName());
        server = ServerProcess.start(
                "classpath:" + jar,
                "flotilla.storage.stores.box.type=plain",
                "flotilla.storage.stores.box.largest=1000000",
                "flotilla.storage.stores.archive.type=local",
                "flotilla.storage.stores.archive.root=" + jars.resolve("archive"));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Account account(String home) {
        return server.newAccount(user -> User.create(user.name(), user.passwordHash(), home));
    }

    private Program curl(Account account, String... arguments) {
        return CurlClient.curl(work, server, account, arguments);
    }

    private static String url(String path) {
        return "ftp://localhost:" + server.explicitPort() + "/" + path;
    }

    private static FtpDriver driver(Account account) throws Exception {
        return FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account);
    }

    @Test
    @DisplayName("curl uploads, lists, downloads and renames in it, and goes on with a download")
    void files() throws Exception {
        Account account = account("box:/files");
        byte[] bytes = Files.readAllBytes(Program.file(work.resolve("sent"), 100_000));
        curl(account, "--ftp-create-dirs", "-T", "sent", url("dir/f")).run().ok();
        curl(account, "-T", "sent", url("dir/a")).run().ok();
        String[] lines = curl(account, url("dir/")).run().ok().output().lines().toArray(String[]::new);
        assertEquals(2, lines.length);
        assertTrue(lines[0].endsWith(" a") && lines[1].endsWith(" f"), () -> "not sorted: " + Arrays.toString(lines));
        curl(account, "-Q", "RNFR dir/f", "-Q", "RNTO dir/g", url("")).run().ok();
        Files.write(work.resolve("got"), Arrays.copyOf(bytes, 33_333));
        curl(account, "-C", "-", "-o", "got", url("dir/g")).run().ok();
        assertArrayEquals(bytes, Files.readAllBytes(work.resolve("got")));
        curl(account, "-Q", "DELE dir/a", "-Q", "DELE dir/g", "-Q", "RMD dir", url(""))
                .run()
                .ok();
        assertFalse(Files.exists(server.storage().resolve("files")), "nothing of it is in the default store");
    }

    @Test
    @DisplayName("what it cannot do is answered 504, and FEAT does not offer it")
    void limits() throws Exception {
        Account account = account("box:/limits");
        Path whole = Program.file(work.resolve("whole"), 1000);
        curl(account, "-T", "whole", url("f")).run().ok();
        Files.write(work.resolve("more"), Arrays.copyOf(Files.readAllBytes(whole), 1000));
        curl(account, "--append", "-T", "more", url("f")).run().exits(25).containing("504");
        try (FtpDriver ftp = driver(account)) {
            ftp.command("MFMT 20200101000000 f").expect(504);
            ftp.command("SITE CHMOD 600 f").expect(504);
            ftp.command("AVBL").expect(504);
            String features = String.join("\n", ftp.command("FEAT").expect(211).inner());
            assertFalse(features.contains("MFMT") || features.contains("AVBL"), features);
            assertTrue(features.contains("REST STREAM"), features);
            ftp.command("SIZE f").expect(213);
            ftp.command("QUIT").expect(221);
        }
        try (FtpDriver ftp = driver(server.newAccount())) {
            String features = String.join("\n", ftp.command("FEAT").expect(211).inner());
            assertTrue(features.contains("MFMT") && features.contains("AVBL"), features);
            ftp.command("QUIT").expect(221);
        }
    }

    @Test
    @DisplayName("a home in a named store of directories lies below that store's root")
    void archive() throws Exception {
        Account account = account("archive:/alice");
        Program.file(work.resolve("f"), 10);
        curl(account, "-T", "f", url("f")).run().ok();
        assertEquals(10, Files.size(jars.resolve("archive/alice/f")));
        curl(account("archive:/../alice"), url("")).run().exits(CURL_REFUSED);
    }

    @Test
    @DisplayName("a home in a store that there is not is refused when it is given, and at the login")
    void unknownStore() throws Exception {
        String[] set = {
            "user",
            "set",
            server.newAccount().name(),
            "--home",
            "gone:/alice",
            "--set",
            "flotilla.storage.stores.box.type=plain"
        };
        Command.Result refused = Command.run(server, set);
        assertEquals(1, refused.exit(), refused.err());
        assertTrue(refused.err().contains("there is no store gone (flotilla.storage.stores has box)"), refused.err());
        String gone = "flotilla.storage.stores.gone.";
        ServerProcess before = ServerProcess.start(gone + "type=local", gone + "root=" + work.resolve("gone"));
        Account lost = before.newAccount(user -> User.create(user.name(), user.passwordHash(), "gone:/alice"));
        try (ServerProcess without = before.killAndStartAnew(gone)) {
            CurlClient.curl(work, without, lost, "ftp://localhost:" + without.explicitPort() + "/")
                    .run()
                    .exits(CURL_REFUSED);
            assertTrue(without.errors().contains("there is no store gone"), without::errors);
        }
    }

    @Test
    @DisplayName("a type that no provider has ends the start, and check tells of it; so do settings that it refuses")
    void unknownType() {
        IllegalStateException refused = assertThrows(
                IllegalStateException.class, () -> ServerProcess.start("flotilla.storage.stores.box.type=plain"));
        String message = String.valueOf(refused.getMessage());
        assertTrue(
                message.contains(
                        "the store box: no provider on the class path (FLOTILLA_CLASSPATH) has the type plain"),
                message);
        assertEquals(78, FlotillaCommand.run("check", "--set", "flotilla.storage.stores.box.type=plain"));
        assertEquals(78, FlotillaCommand.run("check", "--set", "flotilla.storage.stores.box.type=local"));
    }
}
