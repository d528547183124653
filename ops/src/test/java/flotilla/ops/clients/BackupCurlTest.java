package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is set up again from its backup. */
@Timeout(180)
class BackupCurlTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    private Path passphrase() throws IOException {
        return Files.writeString(work.resolve("passphrase"), "correct horse battery\n");
    }

    private static String text(Command.Result result) {
        return result.out() + result.err();
    }

    private static void emptyDataDirectory(ServerProcess server) throws IOException {
        try (Stream<Path> files = Files.walk(server.dataDirectory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    private Program.Result curl(ServerProcess server, Path certificate, Account account) throws Exception {
        return Program.of(
                        work,
                        "curl",
                        "-sS",
                        "--ssl-reqd",
                        "--cacert",
                        certificate.toString(),
                        "--user",
                        account.name() + ":" + account.password(),
                        "ftp://127.0.0.1:" + server.explicitPort() + "/")
                .run();
    }

    @Test
    @DisplayName("curl logs in again with its password, at the same certificate, after all was lost and restored")
    void restored() throws Exception {
        try (ServerProcess lost = ServerProcess.start()) {
            Account account = lost.newAccount("a password of its own");
            Path list = Files.writeString(work.resolve("users"), account.name() + "\n");
            Path config = Files.writeString(
                    work.resolve("flotilla.conf"),
                    "flotilla.data-dir = \"" + lost.dataDirectory()
                            + "\"\nflotilla.login.user-list { mode = allow, file = \"" + list + "\" }\n");
            lost.flotilla("ban", "127.0.0.64/26", "--permanent", "--reason", "a network");
            lost.flotilla("ban", "127.0.0.9", "--for", "forever");
            lost.flotilla("group", "add", "crew", "--max-sessions", "7");
            lost.flotilla("user", "set", account.name(), "--group", "crew");
            lost.flotilla("set", "protocol.greeting", "as it was");
            Path certificate = Files.copy(lost.certificate(), work.resolve("pinned.pem"));
            String archive = work.resolve("backup.zip").toString();
            String secret = passphrase().toString();
            Command.Result made =
                    Command.run("backup", archive, "--passphrase-file", secret, "--config", config.toString());
            assertEquals(0, made.exit(), made.err());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(archive))));
            lost.stop();
            emptyDataDirectory(lost);
            Files.delete(list);
            Files.delete(config);

            Command.Result shown = Command.run("restore", archive, "--passphrase-file", secret, "--dry-run");
            assertEquals(0, shown.exit(), shown.err());
            assertTrue(shown.out().contains("new     file " + config), shown.out());
            assertTrue(shown.out().contains("new     account " + account.name()), shown.out());
            assertTrue(shown.out().contains("new     group crew"), shown.out());
            assertTrue(shown.out().contains("new     setting flotilla.protocol.greeting"), shown.out());
            assertFalse(
                    Files.exists(config) || Files.exists(lost.dataDirectory().resolve("users.mv.db")));
            Command.Result done = Command.run("restore", archive, "--passphrase-file", secret);
            assertEquals(0, done.exit(), done.err());
            assertEquals(account.name() + "\n", Files.readString(list));
            try (ServerProcess again = lost.killAndStartAnew()) {
                curl(again, certificate, account).ok();
                try (FtpDriver driver = FtpDriver.open(again, ClientTls.trusting(certificate))) {
                    driver.reply().containing("as it was");
                }
                String bans = Command.run(again, "bans").out();
                assertTrue(bans.contains("127.0.0.64/26") && bans.contains("127.0.0.9 "), bans);
                for (String banned : List.of("127.0.0.9", "127.0.0.65")) {
                    try (FtpDriver driver = FtpDriver.openFrom(banned, again, ClientTls.trusting(certificate))) {
                        driver.reply().expect(421);
                    }
                }
                String same = text(Command.run("restore", archive, "--passphrase-file", secret, "--dry-run"));
                assertFalse(same.contains("new  ") || same.contains("changed"), same);
            }
            Files.createDirectories(lost.dataDirectory().getParent());
        }
    }

    @Test
    @DisplayName("a restore replaces nothing without --force, keeps old files, and writes nothing when it is refused")
    void careful() throws Exception {
        Path data = work.resolve("data");
        assertEquals(0, Command.run(data, "user", "add", "alice").exit());
        assertEquals(0, Command.run(data, "token", "add", "grafana").exit());
        Path tokens = data.resolve("admin-tokens");
        String before = Files.readString(tokens);
        String archive = work.resolve("backup.zip").toString();
        assertEquals(0, Command.run(data, "backup", archive).exit());
        assertEquals(1, Command.run(data, "backup", archive).exit());
        Files.writeString(tokens, "# lost\n");
        assertEquals(0, Command.run(data, "user", "disable", "alice").exit());

        Command.Result refused = Command.run(data, "restore", archive);
        assertEquals(1, refused.exit());
        assertTrue(
                text(refused).contains("changed account alice") && text(refused).contains("--force"), text(refused));
        String sealed = passphrase().toString();
        assertEquals(
                1,
                Command.run(data, "restore", archive, "--force", "--passphrase-file", sealed)
                        .exit());
        byte[] damaged = Files.readAllBytes(Path.of(archive));
        damaged[damaged.length / 2] ^= 1;
        Path other = Files.write(work.resolve("damaged.zip"), damaged);
        assertTrue(
                text(Command.run(data, "restore", other.toString(), "--force")).contains("damaged"));
        assertEquals("# lost\n", Files.readString(tokens));
        assertTrue(Command.run(data, "user", "show", "alice").out().contains("disabled"));

        assertEquals(0, Command.run(data, "restore", archive, "--force").exit());
        assertEquals(before, Files.readString(tokens));
        assertEquals("# lost\n", Files.readString(data.resolve("admin-tokens.old")));
        assertTrue(Command.run(data, "user", "show", "alice").out().contains("enabled"));
    }

    @Test
    @DisplayName("a private key is left out without a passphrase, and the command says so")
    void leftOut() throws Exception {
        try (ServerProcess server = ServerProcess.start()) {
            String archive = work.resolve("backup.zip").toString();
            Command.Result made = Command.run(server, "backup", archive);
            assertEquals(0, made.exit(), made.err());
            assertTrue(made.out().contains("left out: " + server.certificate() + ": it has a private key"), made.out());
            assertFalse(Command.run(server, "restore", archive, "--dry-run")
                    .out()
                    .contains("file " + server.certificate()));
        }
    }
}
