package flotilla.ops.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordHash;
import flotilla.ops.e2e.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The accounts of other systems. */
class ForeignAccountsTest {
    /** Made by {@code openssl passwd -6}; the password is "secret". */
    private static final String SHA512 =
            "$6$0123456789abcdef$8CGkKDSyVpVlVNcs5PssRw/Tb8EgfecuA6D/zsRQFumJaU.s8KgTWWc2HfgkB7h2n1qIKiJFeSyUFrwvhILXy.";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path work;

    @Test
    @DisplayName("a shadow file becomes accounts with homes and passwords; locked ones are left out, yescrypt is told")
    void shadow() throws Exception {
        Path shadow = Files.write(
                work.resolve("shadow"),
                List.of(
                        "root:*:19000::::::",
                        "alice:" + SHA512 + ":19000::::::",
                        "bob:!$6$x$y:19000::::::",
                        "nonsense",
                        "alice:$6$again$hash:1::::::",
                        "carol:$y$j9T$F5Jx5fExrKuPp53xLKQ..1$GmcwIgvdUC9qLWcKCi6gklUa1dM3ziD43YxYNURLKy0:1::::::",
                        "dave:abWL7Sj501Z46:1::::::",
                        "erin:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
                        "frank:$6$rounds=99000000$salt$hash:1::::::",
                        "grace:secret"));
        Path passwd = Files.write(work.resolve("passwd"), List.of("alice:x:1000:1000::/srv/ftp/alice:/bin/sh"));
        Path out = work.resolve("accounts.jsonl");
        Command.Result done = Command.run(
                "import", "shadow", shadow.toString(), "--passwd", passwd.toString(), "--out", out.toString());
        assertEquals(0, done.exit(), done.err());
        for (int line : new int[] {1, 3, 4, 5}) {
            assertTrue(done.err().contains("shadow:" + line + ": "), done.err());
        }
        for (String note : List.of(
                "shadow:6: carol: its hash is yescrypt, ",
                "shadow:7: dave: its hash is DES, ",
                "shadow:8: erin: its hash is SHA-1 without a salt, ",
                "shadow:9: frank: its hash is damaged, or would take too long",
                "shadow:10: grace: its hash is of an unknown kind")) {
            assertTrue(done.err().contains(note), note + " in " + done.err());
        }
        assertFalse(done.err().contains("$6$") || done.err().contains("secret"), done.err());
        Path data = work.resolve("data");
        assertEquals(0, Command.run(data, "user", "import", out.toString()).exit());
        String accounts = Command.run(data, "user", "export").out();
        assertTrue(accounts.contains("\"home\":\"/srv/ftp/alice\"") && accounts.contains(SHA512), accounts);
        assertTrue(
                accounts.lines().anyMatch(line -> line.contains("\"carol\"") && line.contains("\"passwordHash\":\"\"")),
                accounts);
        assertFalse(accounts.contains("root") || accounts.contains("bob"), accounts);
    }

    @Test
    @DisplayName("superusers and accounts that have ended are disabled and told; an end to come is kept")
    void closed() throws Exception {
        Path shadow = Files.write(
                work.resolve("shadow"),
                List.of(
                        "root:" + SHA512 + ":19000::::::",
                        "toor:" + SHA512 + ":19000::::::",
                        "alice:" + SHA512 + ":19000:0:99999:7::19000:",
                        "bob:" + SHA512 + ":19000:0:99999:7::200000:",
                        "carol:" + SHA512 + ":19000:0:99999:7::soon:",
                        "dave:" + SHA512 + ":19000:0:99999:7::-1:"));
        Path passwd = Files.write(
                work.resolve("passwd"), List.of("toor:x:0:0::/root:/bin/sh", "alice:x:1000:1000::/home/a:/bin/sh"));
        Path out = work.resolve("accounts.jsonl");
        Command.Result done = Command.run(
                "import", "shadow", shadow.toString(), "--passwd", passwd.toString(), "--out", out.toString());
        assertEquals(0, done.exit(), done.err());
        for (String note : List.of(
                "shadow:1: root: it is the superuser: it is disabled",
                "shadow:2: toor: it is the superuser: it is disabled",
                "shadow:3: alice: it ended on 2022-01-08: it is disabled",
                "shadow:5: carol: its field 8")) {
            assertTrue(done.err().contains(note), note + " in " + done.err());
        }
        Path data = work.resolve("data");
        Command.Result imported = Command.run(data, "user", "import", out.toString());
        assertEquals(0, imported.exit(), imported.err());
        for (String name : List.of("root", "toor", "alice")) {
            assertTrue(Command.run(data, "user", "show", name).out().contains("disabled"), name);
        }
        String accounts = Command.run(data, "user", "export").out();
        assertTrue(
                accounts.lines().anyMatch(line -> line.contains("\"bob\"") && line.contains("2517-08-01T00:00:00Z")),
                accounts);
        assertFalse(accounts.contains("carol"), accounts);
        assertFalse(Command.run(data, "user", "show", "dave").out().contains("disabled"));
    }

    @Test
    @DisplayName("the name root is disabled without a passwd file; a name of an htpasswd file is only a name")
    void rootByName() throws Exception {
        Path file = Files.write(work.resolve("shadow"), List.of("root:" + SHA512));
        Command.Result shadow = Command.run("import", "shadow", file.toString());
        assertTrue(shadow.err().contains("shadow:1: root: it is the superuser"), shadow.err());
        assertTrue(shadow.out().contains("\"enabled\":false"), shadow.out());
        Command.Result other = Command.run("import", "htpasswd", file.toString());
        assertEquals("", other.err());
    }

    @Test
    @DisplayName("accounts of Pure-FTPd keep Argon2id passwords and limits; one whose restriction is lost is disabled")
    void pureFtpd() throws Exception {
        String hash = PasswordHash.encode("secret", new Argon2Parameters(64, 1, 1));
        Path file = Files.write(
                work.resolve("pureftpd.passwd"),
                List.of(
                        "alice:" + hash + ":1000:1000::/srv/ftp/alice/./:1024:2048:::3:100:5000:::192.0.2.0/24::",
                        "bob:$6$x$y:1000:1000::/srv/ftp/bob/./::::::::::::0900-1800"));
        Path out = work.resolve("accounts.jsonl");
        Command.Result done = Command.run("import", "pure-ftpd", file.toString(), "--out", out.toString());
        assertEquals(0, done.exit(), done.err());
        assertTrue(done.err().contains("passwd:2: bob: its hash is damaged"), done.err());
        assertFalse(done.err().contains("passwd:1: "), done.err());
        Path data = work.resolve("data");
        Command.Result imported = Command.run(data, "user", "import", out.toString());
        assertEquals(0, imported.exit(), imported.err());
        String alice =
                Command.run(data, "user", "export").out().lines().findFirst().orElseThrow();
        for (String part : List.of(
                hash,
                "\"home\":\"/srv/ftp/alice\"",
                "\"uploadBytesPerSecond\":1024",
                "\"downloadBytesPerSecond\":2048",
                "\"maxSessions\":3",
                "\"quotaFiles\":100",
                "\"quotaBytes\":5000",
                "[\"192.0.2.0/24\"]")) {
            assertTrue(alice.contains(part), part + " in " + alice);
        }
        assertTrue(Command.run(data, "user", "show", "bob").out().contains("disabled"));
    }
}
