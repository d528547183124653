package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords that come from another system. */
class ImportedPasswordTest extends EndToEnd {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path work;

    private String hash(String name) {
        return Command.run(server, "user", "export")
                .out()
                .lines()
                .filter(line -> line.contains("\"name\":\"" + name + "\""))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("a user of a shadow file logs in with the old password, whose hash becomes Argon2id; no session ends")
    void shadow() throws Exception {
        String home = account.home().toString();
        Path shadow = Files.writeString(
                work.resolve("shadow"),
                "migrated:$5$saltsaltsalt$TihBZCRsJxAxHgKub.mCOdu9X7QLi980jJxe7T2aZg7:1::::::\n");
        Path passwd = Files.writeString(work.resolve("passwd"), "migrated:x:1000:1000::" + home + ":/bin/sh\n");
        Path out = work.resolve("accounts.jsonl");
        Command.Result read = Command.run(
                "import", "shadow", shadow.toString(), "--passwd", passwd.toString(), "--out", out.toString());
        assertEquals("", read.err());
        server.flotilla("user", "import", out.toString());
        Account migrated = new Account("migrated", "secret", account.home());
        try (FtpDriver wrong = secured()) {
            wrong.command("USER migrated").expect(331);
            wrong.command("PASS wrong").expect(530);
        }
        assertTrue(hash("migrated").contains("$5$saltsaltsalt$"));
        FtpDriver first = login(migrated);
        assertTrue(hash("migrated").contains("\"passwordHash\":\"$argon2id$v=19$"));
        FtpDriver second = login(migrated);
        server.flotilla("user", "set", "migrated", "--quota", "1M");
        for (FtpDriver session : List.of(first, second)) {
            session.store("STOR f", TEN).expect(226);
        }
        try (FtpDriver wrong = secured()) {
            wrong.command("USER migrated").expect(331);
            wrong.command("PASS wrong").expect(530);
        }
        assertFalse(hash("migrated").contains("$5$"));
    }
}
