package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.WithServer;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Settings that several accounts share. */
@WithServer
class GroupTest extends CurlClient {
    @AfterEach
    void withoutGroup() throws Exception {
        server.flotilla("user", "set", account.name(), "--group", "none", "--umask", "default");
        Command.run(server, "group", "remove", "staff", "--force");
    }

    private String upload(String name, int code) throws Exception {
        Files.write(local("sent"), TEN);
        curl("-T", "sent", explicitUrl(name)).run().exits(code);
        return code == 0 ? PosixFilePermissions.toString(Files.getPosixFilePermissions(file(name))) : "";
    }

    @Test
    @DisplayName("curl: a group's settings hold for its members, the user's own win, and a change reaches a session")
    void inherited() throws Exception {
        server.flotilla("group", "add", "staff", "--umask", "027", "--max-file-size", "1000");
        server.flotilla("user", "set", account.name(), "--group", "staff");
        assertEquals("rw-r-----", upload("shared", 0));
        server.flotilla("user", "set", account.name(), "--umask", "002");
        assertEquals("rw-rw-r--", upload("own", 0));
        FtpDriver ftp = login();
        ftp.store("STOR before", TEN).expect(226);
        server.flotilla("group", "set", "staff", "--allow", "/=read,list");
        Await.until("the group's rules", () -> ftp.command("MKD refused").code() == 550);
        upload("refused", 25);
    }

    @Test
    @DisplayName("a group that is gone refuses the logins of its members, and ends their sessions")
    void gone() throws Exception {
        assertEquals(
                1,
                Command.run(server, "user", "set", account.name(), "--group", "staff")
                        .exit(),
                "no such group");
        server.flotilla("group", "add", "staff");
        server.flotilla("user", "set", account.name(), "--group", "staff");
        assertEquals(1, Command.run(server, "group", "remove", "staff").exit(), "it has members");
        try (FtpDriver ftp = login()) {
            server.flotilla("group", "remove", "staff", "--force");
            ftp.reply().expect(421);
        }
        upload("refused", 67);
    }

    @Test
    @DisplayName("flotilla user show --effective names where each value comes from")
    void effective() throws Exception {
        server.flotilla("group", "add", "staff", "--max-sessions", "7", "--umask", "027");
        server.flotilla("user", "set", account.name(), "--group", "staff", "--umask", "022");
        String shown = Command.run(server, "user", "show", account.name(), "--effective")
                .out();
        assertTrue(shown.matches("(?s).*--max-sessions +7 +group staff\n.*"), shown);
        assertTrue(shown.matches("(?s).*--umask +022 +user\n.*"), shown);
        assertTrue(shown.matches("(?s).*--quota +0 \\(no limit\\) +default\n.*"), shown);
    }
}
