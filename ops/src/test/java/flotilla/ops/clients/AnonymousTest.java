package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.WithServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Anonymous logins that only read, with TLS as for others. */
@WithServer({"flotilla.anonymous.enabled=true", "flotilla.login.ban-threshold=3", "flotilla.login.failure-delay=0s"})
class AnonymousTest extends CurlClient {
    private Path guests;

    @BeforeEach
    void offer() throws Exception {
        guests = account.home().resolveSibling("anonymous");
        Files.createDirectories(guests);
        Files.write(guests.resolve("offered"), TEN);
    }

    private Program guest(String name, String... arguments) {
        return Program.of(work, "curl", "-sS", "--fail", "--max-time", "60", "--ssl-reqd")
                .with("--cacert", server.certificate().toString(), "--user", name + ":me@example.org")
                .with(arguments);
    }

    @Test
    @DisplayName("curl: anonymous and ftp read with any password, and change nothing")
    void reads() throws Exception {
        for (String name : List.of("anonymous", "ftp", "Anonymous", "FTP")) {
            guest(name, "-o", "got", explicitUrl("offered")).run().ok();
            assertSame(guests.resolve("offered"), local("got"));
            guest(name, explicitUrl("")).run().ok().containing("offered");
        }
        Files.write(local("sent"), TEN);
        guest("ftp", "-T", "sent", explicitUrl("new")).run().exits(25);
        guest("ftp", "-Q", "DELE offered", explicitUrl("")).run().exits(21);
    }

    @Test
    @DisplayName("an account of that name does not shadow anonymous logins, and no password counts as a guess")
    void names() throws Exception {
        server.flotilla("user", "add", "anonymous", "--home", account.name());
        try (FtpDriver ftp = secured()) {
            for (int i = 0; i < 6; i++) {
                assertTrue(ftp.command("USER anonymous").toString().contains("e-mail address"));
                ftp.command("PASS guess" + i).expect(230);
            }
            ftp.command("MDTM offered").expect(213);
        }
        login().command("NOOP").expect(200);
    }

    @Test
    @DisplayName("in clear, anonymous logins are refused as all others")
    void inClear() throws Exception {
        try (FtpDriver ftp = plain()) {
            assertEquals(530, ftp.command("USER anonymous").code());
        }
    }
}
