package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that change while the server runs. */
@WithServer({"flotilla.limits.stat-entries=7", "flotilla.tls.required=false", "flotilla.tls.data-required=false"})
class LiveSettingsTest extends EndToEnd {
    private final List<String> set = new ArrayList<>();

    @AfterEach
    void unset() {
        for (int i = set.size() - 1; i >= 0; i--) {
            Command.run(server, "unset", set.get(i));
        }
    }

    private String set(String key, String value) {
        set.add(key);
        Command.Result result = Command.run(server, "set", key, value);
        assertEquals(0, result.exit(), result.err());
        return result.out();
    }

    private void refused(String because, String key, String value) {
        Command.Result result = Command.run(server, "set", key, value);
        assertEquals(1, result.exit(), result.out());
        assertTrue(result.err().contains(because), result.err());
    }

    @Test
    @DisplayName("a value that is set holds for clients that are connected, until it is unset")
    void forThoseConnected() throws Exception {
        FtpDriver early = login();
        early.store("STOR before", TEN).expect(226);
        assertTrue(set("storage.read-only", "true").contains("flotilla.storage.read-only"));
        early.command("DELE before").expect(550);
        set("limits.hash-bytes", "5");
        early.command("HASH before").expect(552);
        early.command("MODE Z").expect(504);
        set("protocol.mode-z", "true");
        early.command("MODE Z").expect(200);
        set("flotilla.protocol.greeting", "Grüß Gott, Night Shift");
        assertTrue(closing(FtpDriver.open(server, client())).reply().text().contains("Grüß Gott, Night Shift"));

        Command.Result unset = Command.run(server, "unset", "storage.read-only");
        assertEquals(0, unset.exit(), unset.err());
        early.command("DELE before").expect(250);
        assertEquals(6, Command.run(server, "unset", "storage.read-only").exit());
    }

    @Test
    @DisplayName("the versions of TLS change for new connections, and open ones go on")
    void versionsOfTls() throws Exception {
        FtpDriver open = login("TLSv1.2");
        set("tls.min", "1.3");
        assertThrows(IOException.class, () -> secured("TLSv1.2"));
        secured("TLSv1.3").command("NOOP").expect(200);
        String policy = Command.run(server, "tls", "policy").out();
        assertTrue(policy.contains("TLSv1.3") && !policy.contains("TLSv1.2"), policy);
        open.command("NOOP").expect(200);
        Command.run(server, "unset", "tls.min");
        secured("TLSv1.2").command("NOOP").expect(200);
    }

    @Test
    @DisplayName("anonymous logins can be switched on and off; the second ends their sessions")
    void anonymous() throws Exception {
        secured().command("USER ftp").expect(331);
        set("anonymous.enabled", "true");
        FtpDriver guest = secured();
        guest.command("USER ftp").expect(331);
        guest.command("PASS me@example.org").expect(230);
        Command.run(server, "unset", "anonymous.enabled");
        guest.reply().expect(421);
    }

    @Test
    @DisplayName("lists of addresses and names, and the place of a log, change while clients come and go")
    void listsAndLogs(@TempDir Path directory) throws Exception {
        Path deny = Files.writeString(directory.resolve("deny"), "127.0.0.1\n");
        Path users = Files.writeString(directory.resolve("users"), account.name() + "\n");
        Path log = directory.resolve("native.log");
        set("log.native", log.toString());
        set("login.user-list.file", users.toString());
        set("login.user-list.mode", "deny");
        FtpDriver named = secured();
        named.command("USER " + account.name()).expect(530);
        set("access.deny", deny.toString());
        closing(FtpDriver.open(server, client())).reply().expect(421);
        Command.run(server, "unset", "access.deny");
        plain();
        Await.until(
                "the log has the refused address", () -> Files.readString(log).contains("address-denied"));
    }

    @Test
    @DisplayName("a value that cannot be used, an unknown key and one that needs a restart change nothing")
    void refusals() {
        refused("must be 1.2 or 1.3, not 1.4", "tls.min", "1.4");
        refused("wrong kind", "limits.max-sessions", "many");
        refused("cannot be read", "access.deny", "/nowhere/at/all");
        refused("did you mean flotilla.limits.max-sessions", "limits.max-sesions", "5");
        refused("unknown key", "limits", "5");
        refused("only letters, digits", "protocol.greeting:", "Hello");
        refused("is not a list", "login.ban-exempt", "[${NOWHERE}]");
        refused("cannot be used", "access.deny", "/a\0b");
        refused("cannot be opened", "log.json", "/proc/nope/x.json");
        refused("cannot change while a node runs", "storage.keep-parts", "false");
        refused("cannot change while a node runs", "passive.ports", "30000-30010");
        refused("belongs to each node", "tls.key-password", "open sesame");
        set("tls.client-ca", "/etc/hostname");
        refused("/etc/hostname", "tls.client-certificates", "request");
        Command.run(server, "unset", "tls.client-ca");
        refused("at most 4000 characters", "protocol.greeting", "x".repeat(4001));
        String shown = Command.run(server, "config", "show").out();
        assertFalse(shown.contains("flotilla set"), shown);
    }

    @Test
    @DisplayName("a value is not taken back while the others cannot stand without it")
    void neededByOthers() {
        set("tls.max", "1.2");
        set("tls.min", "1.2");
        Command.Result first = Command.run(server, "set", "tls.policy", "modern");
        assertEquals(1, first.exit(), first.out());
        Command.run(server, "unset", "tls.min");
        set("limits.idle-timeout", "20s");
        set("passive.lease-patience", "9s");
        assertEquals(0, Command.run(server, "unset", "limits.idle-timeout").exit());
        set("login.user-list.file", "/dev/null");
        set("login.user-list.mode", "deny");
        Command.Result refused = Command.run(server, "unset", "login.user-list.file");
        assertEquals(1, refused.exit(), refused.out());
        assertTrue(refused.err().contains("is needed while"), refused.err());
        assertEquals(0, Command.run(server, "unset", "login.user-list.mode").exit());
        assertEquals(0, Command.run(server, "unset", "login.user-list.file").exit());
    }

    @Test
    @DisplayName("a list in brackets is a value of flotilla set, too")
    void lists() {
        assertTrue(set("login.ban-exempt", "[\"192.0.2.0/24\"]").contains(" on node-1"));
        String shown = Command.run(server, "config", "show", "login.ban-exempt").out();
        assertTrue(shown.contains("flotilla set, by"), shown);
    }

    @Test
    @DisplayName("config show tells values in force and who gave them, config diff that the nodes are equal")
    void shown() {
        set("limits.max-sessions", "77");
        String shown =
                Command.run(server, "config", "show", "limits.max-sessions").out();
        assertTrue(
                shown.lines()
                        .anyMatch(line ->
                                line.matches("flotilla.limits.max-sessions +\"77\" +flotilla set, by \\S+, 20.*")),
                shown);
        assertTrue(Command.run(server, "limits").out().lines().anyMatch(line -> line.matches("all .* 77")));
        Command.Result same = Command.run(server, "config", "diff");
        assertEquals(0, same.exit(), same.out());
        assertTrue(same.out().contains("The nodes have the same settings."), same.out());
    }
}
