package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.WithServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Anonymous logins that only leave files, in clear. */
@WithServer({
    "flotilla.anonymous.enabled=true",
    "flotilla.anonymous.write=drop-box",
    "flotilla.anonymous.tls=optional",
    "flotilla.anonymous.max-sessions=1"
})
class AnonymousDropBoxTest extends CurlClient {
    private Program guest(String... arguments) {
        return Program.of(work, "curl", "-sS", "--fail", "--max-time", "60", "--user", "anonymous:me@example.org")
                .with(arguments);
    }

    @Test
    @DisplayName("curl: a drop box takes new files in clear, and shows, replaces and removes none")
    void drops() throws Exception {
        Files.write(local("sent"), TEN);
        guest("-T", "sent", explicitUrl("dropped")).run().ok();
        Path dropped = account.home().resolveSibling("anonymous").resolve("dropped");
        assertArrayEquals(TEN, Files.readAllBytes(dropped));
        Files.writeString(local("sent"), "other");
        guest("-T", "sent", explicitUrl("dropped")).run().exits(25);
        assertFalse(guest(explicitUrl("dropped")).run().exit() == 0);
        assertFalse(guest(explicitUrl("")).run().exit() == 0);
        for (String command : List.of("DELE dropped", "RNFR dropped", "MKD new", "SITE CHMOD 777 dropped")) {
            guest("-Q", command, explicitUrl("")).run().exits(21);
        }
        assertArrayEquals(TEN, Files.readAllBytes(dropped));
    }

    @Test
    @DisplayName("only anonymous logins may be in clear, and no more of them than configured")
    void inClear() throws Exception {
        FtpDriver ftp = plain();
        ftp.command("USER " + account.name()).expect(530);
        ftp.command("USER ftp").expect(331);
        ftp.command("USER " + account.name()).expect(530);
        ftp.command("USER ftp").expect(331);
        ftp.command("PASS me@example.org").expect(230);
        FtpDriver second = plain();
        second.command("USER ftp").expect(331);
        assertEquals(4, second.command("PASS me@example.org").code() / 100);
        ftp.command("USER " + account.name()).expect(530);
        ftp.command("QUIT").expect(221);
    }
}
