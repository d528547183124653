package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands with which an operator looks at sessions, slots and leases, and ends sessions. */
class OperatorCommandsTest extends EndToEnd {
    private String idOf(String user) {
        String shown = Command.run(server, "sessions", "--user", user).out();
        return shown.lines()
                .filter(line -> line.contains(" " + user + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(shown))
                .split(" ")[0];
    }

    @Test
    @DisplayName("kick ends all sessions of a user, and nobody else's; a user without any is told")
    void kickUser() throws Exception {
        Account other = server.newAccount();
        FtpDriver first = login();
        FtpDriver second = login();
        FtpDriver stays = login(other);
        Command.Result kicked = Command.run(server, "kick", "--user", account.name());
        assertEquals(0, kicked.exit(), kicked.err());
        assertEquals(2, kicked.out().lines().count(), kicked.out());
        first.reply().expect(421);
        second.reply().expect(421);
        stays.command("NOOP").expect(200);
        assertTrue(Command.run(server, "kick", "--user", "nobody").out().contains("no session of nobody"));
    }

    @Test
    @DisplayName("the beginning of an id ends its session, unless two sessions begin like it")
    void kickPrefix() throws Exception {
        FtpDriver one = login();
        login();
        String id = idOf(account.name());
        Command.Result both = Command.run(server, "kick", "");
        assertEquals(1, both.exit(), both.out());
        assertTrue(both.err().contains("is the beginning of "), both.err());
        one.command("NOOP").expect(200);
        Command.Result kicked = Command.run(server, "kick", id.substring(0, 15));
        assertEquals(0, kicked.exit(), kicked.err());
        assertTrue(kicked.out().contains("session " + id + " ended"), kicked.out());
        assertEquals(6, Command.run(server, "kick", "zzz").exit());
        assertEquals(1, Command.run(server, "kick").exit());
    }

    @Test
    @DisplayName("limits shows the slots of users and addresses, leases the passive ports in use")
    void limitsAndLeases() throws Exception {
        FtpDriver client = login();
        String limits = Command.run(server, "limits").out();
        assertTrue(limits.lines().anyMatch(line -> line.matches("user +" + account.name() + " +1 .*")), limits);
        assertTrue(limits.lines().anyMatch(line -> line.startsWith("address") && line.contains("127.0.0.1")), limits);
        client.command("EPSV").expect(229);
        String leases = Command.run(server, "leases").out();
        assertTrue(
                leases.lines().anyMatch(line -> line.contains("127.0.0.1") && line.contains(idOf(account.name()))),
                leases);
    }

    @Test
    @DisplayName("config show without a server tells each value and where it was given, and no secret")
    void configuration(@TempDir Path nowhere) {
        Command.Result shown = Command.run(
                nowhere,
                "config",
                "show",
                "--changed",
                "--set",
                "flotilla.limits.max-sessions=7",
                "--set",
                "flotilla.tls.key-password=open sesame",
                "--set",
                "flotilla.users.jdbc-url=jdbc:postgresql://db/f?user=a&password=sesame");
        assertEquals(0, shown.exit(), shown.err());
        assertTrue(
                shown.out().lines().anyMatch(line -> line.matches("flotilla.limits.max-sessions +\"?7\"? +--set.*")),
                shown.out());
        assertTrue(shown.out().contains("password=***"), shown.out());
        assertFalse(shown.out().contains("sesame"), shown.out());
        assertFalse(shown.out().contains("flotilla.limits.line"), shown.out());
        String all = Command.run(nowhere, "config", "show", "limits.line").out();
        assertTrue(all.lines().anyMatch(line -> line.matches("flotilla.limits.line +8192 +default")), all);
        assertEquals(6, Command.run(nowhere, "config", "show", "nothing").exit());
    }

    @Test
    @DisplayName("commands that ask the server print its answer as JSON")
    void json() {
        assertTrue(Command.run(server, "ready", "--json").out().contains("\"ready\" : true"));
        assertTrue(Command.run(server, "reload", "--json").out().contains("\"reloaded\" : true"));
        assertTrue(Command.run(server, "trace", "--json").out().contains("\"targets\" : [ ]"));
        assertEquals(0, Command.run(server, "group", "add", "crew").exit());
        assertTrue(Command.run(server, "group", "list", "--json").out().contains("\"name\" : \"crew\""));
        assertEquals(0, Command.run(server, "group", "remove", "crew").exit());
    }
}
