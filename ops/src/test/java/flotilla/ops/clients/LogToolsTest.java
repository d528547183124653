package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The logs of a server, read with the usual programs. */
class LogToolsTest extends CurlClient {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path logs;

    private Program.Result bash(String command) throws Exception {
        return Program.of(
                        logs,
                        "bash",
                        "-c",
                        command,
                        "bash",
                        server.nativeLogFile().toString())
                .run();
    }

    @Test
    @DisplayName("grep and awk as in guides find and count logins and transfers")
    void counts() throws Exception {
        Files.write(local("sent"), TEN);
        curl("-T", "sent", explicitUrl("one")).run().ok();
        curl("-T", "sent", explicitUrl("two")).run().ok();
        curl("-o", "got", explicitUrl("one")).run().ok();
        Program.of(work, "curl", "-s", "--ssl-reqd", "-k", "--user", account.name() + ":wrong", explicitUrl(""))
                .run()
                .exits(67);
        String own = "grep '\\[" + account.name() + "\\]' $1 | ";
        Await.until("the last line", () -> bash(own + "grep -c 'FAIL LOGIN'").exit() == 0);
        assertEquals("3\n", bash(own + "grep -c 'OK LOGIN'").output());
        assertEquals("1\n", bash(own + "grep -c 'FAIL LOGIN'").output());
        assertEquals("3\n", bash(own + "grep -c 'UPLOAD\\|DOWNLOAD'").output());
        assertEquals(
                List.of("1 OK DOWNLOAD:", "2 OK UPLOAD:"),
                bash(own + "awk '/UPLOAD|DOWNLOAD/ {print $9, $10}' | sort | uniq -c")
                        .output()
                        .lines()
                        .map(String::strip)
                        .toList());
    }

    @Test
    @DisplayName("the log tells why each login failed, and curl is told the same whatever the cause")
    void reasons() throws Exception {
        Map<String, Account> kinds = Map.of(
                "wrong-password",
                account,
                "disabled",
                server.newAccount(user -> user.change().enabled(false).make()),
                "expired",
                server.newAccount(user ->
                        user.change().expires(Instant.now().minusSeconds(60)).make()),
                "address-not-allowed",
                server.newAccount(user ->
                        user.change().allowedNetworks(List.of("192.0.2.0/24")).make()),
                "unknown-user",
                new Account("nobody-here", "any password", work));
        for (Map.Entry<String, Account> kind : kinds.entrySet()) {
            Account who = kind.getValue();
            String password = kind.getKey().equals("wrong-password") ? "wrong" : who.password();
            Program.of(work, "curl", "-sv", "--ssl-reqd", "-k", "--user", who.name() + ":" + password, explicitUrl(""))
                    .run()
                    .exits(67)
                    .containing("< 530 Login incorrect.");
            String found = "grep '\\[" + who.name() + "\\] FAIL LOGIN.*, " + kind.getKey() + ";' $1";
            Await.until(kind.getKey(), () -> bash(found).exit() == 0);
        }
    }

    @Test
    @DisplayName("awk reads the fields of an xferlog, also of a name with spaces, while the native log is written, too")
    void xferlog() throws Exception {
        Path xferlog = logs.resolve("xferlog");
        server.flotilla("set", "log.xferlog", xferlog.toString());
        Files.write(local("sent"), TEN);
        curl("-T", "sent", explicitUrl("two%20words")).run().ok();
        curl("-o", "got", explicitUrl("two%20words")).run().ok();
        String fields =
                "awk '$14 == \"" + account.name() + "\" {print $7, $8, $9, $10, $12, $13, $15, $18}' " + xferlog;
        Await.until("two lines", () -> bash(fields).output().lines().count() == 2);
        String address = "127.0.0.1 10 /two_words b ";
        assertEquals(
                address + "i r ftps c\n" + address + "o r ftps c\n",
                bash(fields).output());
        assertTrue(server.nativeLog().contains("[" + account.name() + "] OK UPLOAD"));
        server.flotilla("unset", "log.xferlog");
    }
}
