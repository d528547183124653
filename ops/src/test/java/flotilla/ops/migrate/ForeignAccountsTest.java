package flotilla.ops.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The accounts of other systems. */
class ForeignAccountsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path work;

    @Test
    @DisplayName("names of a shadow file become accounts with their homes and no password; locked ones are left out")
    void shadow() throws Exception {
        Path shadow = Files.write(
                work.resolve("shadow"),
                List.of(
                        "root:*:19000::::::",
                        "alice:$6$salt$hash:19000::::::",
                        "bob:!$6$x$y:19000::::::",
                        "nonsense",
                        "alice:$6$again$hash:1::::::"));
        Path passwd = Files.write(work.resolve("passwd"), List.of("alice:x:1000:1000::/srv/ftp/alice:/bin/sh"));
        Path out = work.resolve("accounts.jsonl");
        Command.Result done = Command.run(
                "import", "shadow", shadow.toString(), "--passwd", passwd.toString(), "--out", out.toString());
        assertEquals(0, done.exit(), done.err());
        for (int line : new int[] {1, 3, 4, 5}) {
            assertTrue(done.err().contains("shadow:" + line + ": "), done.err());
        }
        assertFalse(done.err().contains("$6$"), done.err());
        Path data = work.resolve("data");
        assertEquals(0, Command.run(data, "user", "import", out.toString()).exit());
        String accounts = Command.run(data, "user", "export").out();
        assertTrue(accounts.contains("\"home\":\"/srv/ftp/alice\"") && accounts.contains("\"passwordHash\":\"\""));
        assertFalse(accounts.contains("root") || accounts.contains("bob"), accounts);
    }
}
