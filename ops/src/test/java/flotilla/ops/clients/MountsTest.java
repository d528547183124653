package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.MountPoint;
import flotilla.cluster.User;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ExtensionJar;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import flotilla.storage.StorageProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A home and mounts in three stores, through real clients. */
@Timeout(120)
class MountsTest {
    private static final int CURL_QUOTE_REFUSED = 21;
    /** Exceeded storage allocation. */
    private static final int CURL_QUOTA = 70;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path stores;

    @SuppressWarnings("NullAway.Init")
    private static ServerProcess server;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    /** The place of this test's mount in the store archive, and its directory. */
    private String place = "";

    private Path archive = Path.of("");

    @BeforeAll
    static void start() throws Exception {
        Path jar = ExtensionJar.of(stores, "extension/PlainStores.java.txt", StorageProvider.class.getName());
        server = ServerProcess.start(
                "classpath:" + jar,
                "flotilla.storage.stores.box.type=plain",
                "flotilla.storage.stores.box.largest=1000000",
                "flotilla.storage.stores.archive.type=local",
                "flotilla.storage.stores.archive.root=" + stores.resolve("archive"),
                "flotilla.protocol.recursive-listings=true");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void place() throws Exception {
        String name = work.getFileName().toString().replaceAll("\\W", "");
        place = "archive:/" + name;
        archive = Files.createDirectories(stores.resolve("archive").resolve(name));
    }

    private static Account account(MountPoint... mounts) {
        return account(user -> user, mounts);
    }

    private static Account account(UnaryOperator<User.Builder> change, MountPoint... mounts) {
        return server.newAccount(
                user -> change.apply(user.change().mounts(List.of(mounts))).make());
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
    @DisplayName("lftp mirrors a tree up and down over a home and mounts, and lists all of it")
    void lftp() throws Exception {
        Account account =
                account(MountPoint.of("/in/archive", place), MountPoint.of("/in/archive/box/deep", "box:/lftp"));
        Files.createDirectories(account.home().resolve("in"));
        Files.createDirectories(archive.resolve("box"));
        for (int i = 0; i < 20; i++) {
            String directory = List.of("in", "in/archive", "in/archive/box", "in/archive/box/deep")
                    .get(i % 4);
            Program.file(
                    Files.createDirectories(work.resolve("tree/" + directory)).resolve("ü" + i), i * 3000);
        }
        String script = "set cmd:fail-exit true; set ftp:ssl-force true; set net:max-retries 1; set net:timeout 20;"
                + "set ssl:ca-file " + server.certificate() + "\nopen -u " + account.name() + "," + account.password()
                + " " + url("") + "\nmirror -R --no-perms tree /\nmirror --parallel=4 / down\nls -R\n";
        Program.Result result =
                Program.of(work, "lftp", "--norc", "-c", script).run().ok();
        assertTrue(
                result.output().lines().toList().containsAll(List.of("./in/archive:", "./in/archive/box/deep:")),
                result::output);
        for (int i = 0; i < 20; i++) {
            String name = List.of("in", "in/archive", "in/archive/box", "in/archive/box/deep")
                            .get(i % 4) + "/ü" + i;
            byte[] sent = Files.readAllBytes(work.resolve("tree/" + name));
            assertArrayEquals(sent, Files.readAllBytes(work.resolve("down/" + name)), name);
        }
        assertTrue(Files.exists(account.home().resolve("in/ü4")), "in the home");
        assertTrue(Files.exists(archive.resolve("ü5")), "in the store archive");
        assertTrue(Files.exists(archive.resolve("box/ü6")));
        assertFalse(Files.exists(archive.resolve("box/deep")), "in the store box");
    }

    @Test
    @DisplayName("curl changes files within a mount; a mount stays, and nothing is renamed into another store")
    void changes() throws Exception {
        Account account = account(MountPoint.of("/m", place));
        Program.file(work.resolve("f"), 1000);
        curl(account, "--ftp-create-dirs", "-T", "f", url("m/d/f")).run().ok();
        curl(account, "-Q", "RNFR m/d/f", "-Q", "RNTO m/g", "-Q", "RMD m/d", url(""))
                .run()
                .ok();
        assertEquals(1000, Files.size(archive.resolve("g")));
        for (String refused : List.of("RMD m", "DELE m", "RNFR m", "MKD m")) {
            curl(account, "-Q", refused, url(""))
                    .run()
                    .exits(CURL_QUOTE_REFUSED)
                    .containing("550");
        }
        curl(account, "-Q", "RNFR m/g", "-Q", "RNTO g", url(""))
                .run()
                .exits(CURL_QUOTE_REFUSED)
                .containing("553");
        assertTrue(Files.exists(archive.resolve("g")));
        curl(account, "-Q", "SITE CPFR m/g", "-Q", "SITE CPTO g", url("")).run().ok();
        assertEquals(1000, Files.size(account.home().resolve("g")), "SITE CPTO copies from store to store");
        try (FtpDriver ftp = driver(account)) {
            ftp.command("RNFR m/g").expect(350);
            assertTrue(ftp.command("RNTO g").expect(553).toString().contains("across stores"));
            ftp.command("SIZE m/g").expect(213);
            ftp.command("MDTM m/g").expect(213);
            ftp.command("CWD m").expect(250);
            ftp.command("CDUP").expect(250);
            ftp.command("QUIT").expect(221);
        }
    }

    @Test
    @DisplayName("Python's ftplib sees a mount in the listing of its parent, and a read-only one refuses changes")
    void ftplib() throws Exception {
        Files.writeString(archive.resolve("f"), "12345");
        Account account = account(new MountPoint("/partners", place, true, 0, 0));
        Files.writeString(account.home().resolve("zz"), "1");
        String script = """
                import ftplib, io, ssl, sys
                ftp = ftplib.FTP_TLS(context=ssl.create_default_context(cafile=sys.argv[2]))
                ftp.connect("localhost", int(sys.argv[1])); ftp.login(sys.argv[3], sys.argv[4]); ftp.prot_p()
                assert ftp.nlst() == ["partners", "zz"], ftp.nlst()
                facts = dict(ftp.mlsd())
                assert facts["partners"]["type"] == "dir", facts
                assert not set("cdfmp") & set(facts["partners"]["perm"]), facts
                ftp.cwd("partners"); ftp.voidcmd("TYPE I")
                assert ftp.pwd() == "/partners" and ftp.size("f") == 5
                got = io.BytesIO(); ftp.retrbinary("RETR f", got.write); assert got.getvalue() == b"12345"
                for change in (lambda: ftp.storbinary("STOR g", io.BytesIO(b"x")), lambda: ftp.delete("f"),
                               lambda: ftp.mkd("d"), lambda: ftp.rename("f", "g"), lambda: ftp.rmd("/partners")):
                    try:
                        change(); raise SystemExit("was not refused")
                    except ftplib.error_perm as e:
                        assert str(e).startswith("550"), e
                ftp.quit()
                """;
        Files.writeString(work.resolve("mounts.py"), script);
        Program.of(
                        work,
                        "python3",
                        "mounts.py",
                        Integer.toString(server.explicitPort()),
                        server.certificate().toString(),
                        account.name(),
                        account.password())
                .run()
                .ok();
    }

    @Test
    @DisplayName("a quota counts over home and mounts, and a mount with a quota counts by itself")
    void quotas() throws Exception {
        Path own = Files.createDirectories(archive.resolve("own"));
        Account account = account(
                user -> user.quotaBytes(100_000),
                MountPoint.of("/m", place),
                new MountPoint("/own", place + "/own", false, 50_000, 0));
        Program.file(work.resolve("f"), 40_000);
        curl(account, "-T", "f", url("a")).run().ok();
        curl(account, "-T", "f", url("m/b")).run().ok();
        curl(account, "-T", "f", url("c")).run().exits(CURL_QUOTA);
        curl(account, "-T", "f", url("own/d")).run().ok();
        curl(account, "-T", "f", url("own/e")).run().exits(CURL_QUOTA);
        assertTrue(Files.exists(own.resolve("d")) && !Files.exists(own.resolve("e")));
        curl(account, "-Q", "DELE m/own/d", url("")).run().ok();
        curl(account, "-T", "f", url("own/e")).run().ok();
        curl(account, "-Q", "RNFR m/own/e", "-Q", "RNTO m/e", url(""))
                .run()
                .exits(CURL_QUOTE_REFUSED)
                .containing("553");
        curl(account, "-Q", "DELE m/b", url("")).run().ok();
        curl(account, "-T", "f", url("c")).run().ok();
        try (FtpDriver ftp = driver(account)) {
            assertTrue(ftp.command("AVBL").expect(213).toString().contains("20000"));
            assertTrue(ftp.command("AVBL own").expect(213).toString().contains("10000"));
            ftp.command("QUIT").expect(221);
        }
        Command.Result counted = Command.run(server, "user", "recount", account.name());
        assertEquals(0, counted.exit(), counted.err());
        assertTrue(counted.out().contains("120000"), counted.out());
    }

    @Test
    @DisplayName("a mount that cannot be opened is shown and fails its own paths only; the log names it")
    void away() throws Exception {
        Account account =
                account(MountPoint.of("/away", stores.resolve("gone").toString()), MountPoint.of("/m", place));
        Files.writeString(account.home().resolve("f"), "1");
        Files.writeString(archive.resolve("g"), "12");
        String listed = curl(account, url("")).run().ok().output();
        assertTrue(listed.contains(" away") && listed.contains(" f") && listed.contains(" m"), listed);
        curl(account, url("m/g")).run().ok().containing("12");
        try (FtpDriver ftp = driver(account)) {
            ftp.command("CWD away").expect(550);
            ftp.command("MLST away").expect(550);
            ftp.command("SIZE f").expect(213);
            ftp.command("QUIT").expect(221);
        }
        assertTrue(server.errors().contains("the mount /away of user " + account.name()), server::errors);
    }

    @Test
    @DisplayName("what the store of a mount cannot do is answered 504 there, and works elsewhere")
    void abilities() throws Exception {
        Account account = account(MountPoint.of("/box", "box:/abilities"));
        Program.file(work.resolve("f"), 10);
        curl(account, "-T", "f", url("f")).run().ok();
        curl(account, "-T", "f", url("box/f")).run().ok();
        try (FtpDriver ftp = driver(account)) {
            ftp.command("MFMT 20200101000000 f").expect(213);
            ftp.command("MFMT 20200101000000 box/f").expect(504);
            ftp.command("AVBL").expect(213);
            ftp.command("AVBL box").expect(504);
            ftp.command("EPSV").expect(229);
            ftp.command("APPE box/f").expect(504);
            assertTrue(
                    String.join("\n", ftp.command("FEAT").expect(211).inner()).contains("MFMT"));
            ftp.command("QUIT").expect(221);
        }
    }

    private Command.Result user(String... arguments) {
        List<String> all = new ArrayList<>(List.of("user"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--set", "flotilla.storage.stores.archive.type=local"));
        all.addAll(List.of("--set", "flotilla.storage.stores.archive.root=" + stores.resolve("archive")));
        return Command.run(server, all.toArray(String[]::new));
    }

    @Test
    @DisplayName("flotilla user sets, shows and removes mounts, for running sessions, too")
    void commands() throws Exception {
        Account account = account();
        Path incoming = Files.createDirectories(work.resolve("in,coming"));
        try (FtpDriver ftp = driver(account)) {
            ftp.command("CWD partners").expect(550);
            Command.Result set = user(
                    "set",
                    account.name(),
                    "--mount",
                    "/partners=" + place + ",read-only",
                    "--mount",
                    "/in=local:" + incoming + ",quota=10k,quota-files=3");
            assertEquals(0, set.exit(), set.err());
            Await.until("the mount", () -> ftp.command("CWD partners").code() == 250);
            ftp.command("CWD /in").expect(250);
            ftp.command("QUIT").expect(221);
        }
        String shown = user("show", account.name()).out();
        assertTrue(shown.contains("/partners=" + place + ",read-only"), shown);
        assertTrue(shown.contains("/in=local:" + incoming + ",quota=10240,quota-files=3"), shown);
        String json = user("show", account.name(), "--json").out().replaceAll("\\s", "");
        assertTrue(json.contains("{\"path\":\"/partners\",\"place\":\"" + place + "\",\"readOnly\":true,"), json);
        assertTrue(user("list", "--json").out().contains("\"quotaFiles\":3"));
        assertEquals(0, user("set", account.name(), "--remove-mount", "/in").exit());
        assertFalse(user("show", account.name()).out().contains("/in="));
        assertEquals(1, user("set", account.name(), "--remove-mount", "/in").exit());
        for (String wrong : List.of("/=a", "a=b", "/a/../b=c", "/a=gone:/b", "/.flotilla-parts=a", "/e=/etc")) {
            Command.Result refused = user("set", account.name(), "--mount", wrong);
            assertEquals(1, refused.exit(), wrong);
            assertTrue(refused.err().contains("--mount"), refused.err());
        }
    }
}
