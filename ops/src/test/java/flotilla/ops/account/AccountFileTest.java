package flotilla.ops.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordHash;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All accounts as a file, and back. */
@Timeout(120)
class AccountFileTest {
    private static final String SAME_AS_DEMO = "demo";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path work;

    private String json(String name, String password) {
        return "{\"name\":\"" + name + "\",\"passwordHash\":\""
                + PasswordHash.encode(password, new Argon2Parameters(64, 1, 1)) + "\"}";
    }

    private Command.Result run(String dataDir, String... arguments) {
        return Command.run(work.resolve(dataDir), arguments);
    }

    private String exported(String dataDir) {
        return run(dataDir, "user", "export").out();
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "csv"})
    void allOfAnAccountComesBack(String format) throws Exception {
        run("one", "user", "add", "alice", "--allow", "/in=write,list", "--network", "192.0.2.0/24", "--quota", "10G");
        run("one", "user", "set", "alice", "--mount", "/in=local:/srv/a,b,read-only", "--mount", "/m=x,quota=1G");
        run("one", "user", "add", "bob", "--certificate", "CN=bob,O=\"A, B\"", "--expires", "2031-01-01");
        Path file = work.resolve("accounts");
        Command.Result wrote = run("one", "user", "export", file.toString(), "--format", format);
        assertEquals(0, wrote.exit(), wrote.err());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Command.Result read = run("two", "user", "import", file.toString());
        assertEquals(0, read.exit(), read.err());
        assertEquals(exported("one"), exported("two"));
        assertTrue(exported("two").contains("/srv/a,b"), () -> exported("two"));
        assertTrue(run("two", "user", "import", file.toString()).out().contains("0 new, 0 changed, 2 the same"));
    }

    @Test
    @DisplayName("a hash whose verification would fill the heap is a wrong line")
    void dearHashes() throws Exception {
        String dear = "$argon2id$v=19$m=1048576,t=64,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        Path file = Files.writeString(
                work.resolve("accounts.jsonl"),
                json("alice", "secret") + "\n{\"name\":\"bob\",\"passwordHash\":\"" + dear + "\"}\n");
        Command.Result refused = run("one", "user", "import", file.toString());
        assertEquals(1, refused.exit());
        assertTrue(refused.err().contains(":2: ") && refused.err().contains("too long to verify"), refused.err());
    }

    @Test
    @DisplayName("a plain password is hashed, once; a weak one is a wrong line, and no message shows it")
    void plainPasswords() throws Exception {
        Path csv = Files.write(
                work.resolve("accounts.csv"),
                List.of("name,password,quotaBytes", "alice,correct horse,5", "bob,,6", "carol,password1,7"));
        Command.Result refused = run("one", "user", "import", csv.toString());
        assertEquals(1, refused.exit());
        assertTrue(refused.err().contains(":4: the password is one of the most common"), refused.err());
        assertTrue(!refused.err().contains("password1"), refused.err());
        Path json = Files.write(
                work.resolve("accounts.jsonl"),
                List.of("{\"name\":\"alice\",\"password\":\"correct horse\",\"quotaBytes\":5}", "{\"name\":\"bob\"}"));
        Command.Result done = run("one", "user", "import", json.toString());
        assertEquals(0, done.exit(), done.err());
        String hash = exported("one").replaceFirst("(?s).*?\"passwordHash\":\"([^\"]*)\".*", "$1");
        assertTrue(PasswordHash.verify(hash, "correct horse"), hash);
        assertTrue(run("one", "user", "import", json.toString()).out().contains("0 new, 0 changed, 2 the same"));
        assertTrue(!exported("one").contains("correct horse"));
        Path both = Files.write(
                work.resolve("both.jsonl"),
                List.of("{\"name\":\"dave\",\"password\":\"a good one\",\"passwordHash\":\"$1$\"}"));
        assertTrue(run("one", "user", "import", both.toString()).err().contains(":1: password must be a text"));
    }

    @Test
    @DisplayName("each wrong line is told with its number, and nothing is imported unless --skip-wrong says so")
    void wrongLines() throws Exception {
        Path file = Files.write(
                work.resolve("accounts"),
                List.of(
                        json("good", "x"),
                        "{\"name\":\"-bad\"}",
                        "{\"name\":\"weak\",\"passwordHash\":\"$1$abc$def\"}",
                        "",
                        "{\"name\":\"typo\",\"homee\":\"x\"}",
                        "{\"name\":\"good\"}",
                        "{\"name\":\"system\",\"home\":\"/etc\"}",
                        "nonsense"));
        Command.Result refused = run("one", "user", "import", file.toString());
        assertEquals(1, refused.exit());
        for (int line : new int[] {2, 3, 5, 6, 7, 8}) {
            assertTrue(refused.err().contains(file + ":" + line + ": "), line + " in " + refused.err());
        }
        assertTrue(refused.err().contains("homee"), refused.err());
        assertEquals("", exported("one"));

        assertEquals(
                0,
                run("one", "user", "import", file.toString(), "--skip-wrong", "--dry-run")
                        .exit());
        assertEquals("", exported("one"));
        assertEquals(
                0, run("one", "user", "import", file.toString(), "--skip-wrong").exit());
        assertTrue(exported("one").contains("\"good\""));
    }

    @Test
    void linesAndTheirNumberAreBounded() throws Exception {
        Path file = Files.writeString(work.resolve("long"), "{}\n" + "x".repeat(AccountImport.LONGEST_LINE + 1));
        assertTrue(run("one", "user", "import", file.toString()).err().contains("line 2 is longer than"));
        Files.writeString(file, "\n".repeat(AccountImport.MOST + 1));
        assertTrue(run("one", "user", "import", file.toString()).err().contains("more than"));
    }

    @Test
    @DisplayName("a running server imports accounts for the command, which log in; the audit log has a line for each")
    void running() throws Exception {
        try (ServerProcess server = ServerProcess.start()) {
            Path file =
                    Files.writeString(work.resolve("accounts"), json("anna", "first") + "\n" + json("ben", "second"));
            Files.createDirectories(server.storage().resolve("anna"));
            Command.Result done = Command.run(server, "user", "import", file.toString());
            assertEquals(0, done.exit(), done.err());
            FtpDriver.loggedIn(
                            server,
                            ClientTls.trusting(server.certificate()),
                            new flotilla.ops.e2e.Account(
                                    "anna", "first", server.storage().resolve("anna")))
                    .close();
            String all = Command.run(server, "user", "export").out();
            assertTrue(all.contains("$argon2id$") && all.contains(SAME_AS_DEMO) && all.contains("ben"), all);

            Files.writeString(file, json("anna", "third"));
            Command.Result differs = Command.run(server, "user", "import", file.toString());
            assertTrue(differs.err().contains("exists already and differs"), differs.err());
            assertEquals(
                    0,
                    Command.run(server, "user", "import", file.toString(), "--update")
                            .exit());
            FtpDriver.loggedIn(
                            server,
                            ClientTls.trusting(server.certificate()),
                            new flotilla.ops.e2e.Account(
                                    "anna", "third", server.storage().resolve("anna")))
                    .close();
            server.stop();
            String audit = Files.readString(server.dataDirectory().resolve("audit.json"));
            for (String action : List.of("user-export", "\"user-add\",\"target\":\"anna\"", "\"user-set\"")) {
                assertTrue(audit.contains(action), audit);
            }
            assertFalse(audit.contains("argon2"), audit);
        }
    }
}
