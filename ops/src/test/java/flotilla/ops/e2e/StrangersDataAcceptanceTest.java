package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With {@code tls.data-session-reuse = prefer}, a data connection with the TLS session of another client is refused.
 * The right client loses nothing.
 */
@WithServer({"flotilla.passive.second-wait=60s", "flotilla.passive.refusals=2"})
class StrangersDataAcceptanceTest extends EndToEnd {
    private static final String SECRET = "secret";

    private FtpDriver victim(String version) throws IOException {
        write(SECRET, TEN);
        return login(version);
    }

    private void assertRefused(DataChannel data, FtpDriver stranger) {
        assertThrows(IOException.class, () -> {
            if (stranger.secure(data).readAll().length == 0) {
                throw new IOException("nothing came");
            }
        });
    }

    private void assertServed(DataChannel data, FtpDriver ftp) throws IOException {
        assertEquals("0123456789", new String(ftp.secure(data).readAll(), StandardCharsets.US_ASCII));
        ftp.reply().expect(226);
    }

    private long strays() {
        return server.jsonLog()
                .lines()
                .filter(line -> line.contains("StrayDataConnection") && line.contains("another-session"))
                .count();
    }

    @ParameterizedTest(name = "A stranger who comes first is refused, and the client behind him is served: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void strangerFirst(String version) throws Exception {
        FtpDriver ftp = victim(version);
        FtpDriver stranger = login(server.newAccount(), version);
        long before = strays();
        int port = ftp.epsvPort();
        try (DataChannel first = DataChannel.connect(port);
                DataChannel second = DataChannel.connect(port)) {
            assertRefused(first, stranger);
            ftp.command("RETR " + SECRET).expect(150);
            assertServed(second, ftp);
        }
        Await.until("it is in the log", () -> strays() == before + 1);
        Await.until("and the operator is told", () -> server.errors()
                .contains("it offered the TLS session of another user or client than session"));
        Await.until("no port is leased", () -> server.status().get("leases") == 0);
    }

    @ParameterizedTest(name = "A stranger during a transfer is refused, and the transfer waits for its client: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void strangerAfterTheCommand(String version) throws Exception {
        FtpDriver ftp = victim(version);
        FtpDriver stranger = login(server.newAccount(), version);
        int port = ftp.epsvPort();
        ftp.command("STOR new").expect(150);
        try (DataChannel first = DataChannel.connect(port)) {
            assertRefused(first, stranger);
        }
        try (DataChannel second = DataChannel.connect(port)) {
            ftp.secure(second).send(TEN).finish();
            ftp.reply().expect(226);
        }
        assertEquals("0123456789", Files.readString(file("new")));
    }

    @Test
    @DisplayName("A client that leaves after a stranger was refused leaves no lease")
    void leaves() throws Exception {
        FtpDriver ftp = victim("TLSv1.3");
        FtpDriver stranger = login(server.newAccount(), "TLSv1.3");
        try (DataChannel data = ftp.epsv()) {
            assertRefused(data, stranger);
        }
        ftp.command("RETR " + SECRET).expect(150);
        ftp.reset();
        Await.until("no port is leased", () -> server.status().get("leases") == 0);
    }

    @Test
    @DisplayName("Strangers who keep coming end the transfer with 425, and the next one is served")
    void tooMany() throws Exception {
        FtpDriver ftp = victim("TLSv1.2");
        FtpDriver stranger = login(server.newAccount(), "TLSv1.2");
        int port = ftp.epsvPort();
        ftp.command("RETR " + SECRET).expect(150);
        for (int i = 0; i < 3; i++) {
            try (DataChannel data = DataChannel.connect(port)) {
                assertRefused(data, stranger);
            }
        }
        ftp.reply().expect(425).containing("keep connecting");
        assertEquals(10, ftp.fetch("RETR " + SECRET).length);
        Await.until("no port is leased", () -> server.status().get("leases") == 0);
    }

    @ParameterizedTest(name = "Sessions of one user from one address may mix their TLS sessions, not bound: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sameUser(String version) throws Exception {
        FtpDriver ftp = victim(version);
        FtpDriver other = login(account, version);
        try (DataChannel data = ftp.epsv()) {
            ftp.command("RETR " + SECRET).expect(150);
            assertEquals(10, other.secure(data).readAll().length);
            ftp.reply().expect(226);
        }
        assertNotBound();
    }

    @Test
    @DisplayName("The TLS session of a control connection that has ended tells nothing: as a full handshake")
    void endedSession() throws Exception {
        FtpDriver ftp = victim("TLSv1.3");
        Account leaving = server.newAccount();
        FtpDriver gone = login(leaving, "TLSv1.3");
        gone.command("QUIT").expect(221);
        Await.until("its session has ended", () -> server.jsonLog()
                .lines()
                .anyMatch(line -> line.contains("\"Disconnected\"") && line.contains(leaving.name())));
        try (DataChannel data = ftp.epsv()) {
            ftp.command("RETR " + SECRET).expect(150);
            assertEquals(10, gone.secure(data).readAll().length);
            ftp.reply().expect(226);
        }
        assertNotBound();
    }

    @ParameterizedTest(name = "So may those of a connection that is just logging in, but not from another address: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void loggingIn(String version) throws Exception {
        FtpDriver ftp = victim(version);
        FtpDriver next = secured(version);
        next.command("NOOP").expect(200);
        next.dataProtected(true);
        try (DataChannel data = ftp.epsv()) {
            ftp.command("RETR " + SECRET).expect(150);
            assertEquals(10, next.secure(data).readAll().length);
            ftp.reply().expect(226);
        }
        FtpDriver elsewhere = closing(FtpDriver.openFrom("127.0.0.2", server, client(version)));
        elsewhere.reply().expect(220);
        elsewhere.command("AUTH TLS").expect(234);
        elsewhere.handshake().dataProtected(true);
        elsewhere.command("NOOP").expect(200);
        int port = ftp.epsvPort();
        ftp.command("RETR " + SECRET).expect(150);
        try (DataChannel data = DataChannel.connect(port)) {
            assertRefused(data, elsewhere);
        }
        try (DataChannel data = DataChannel.connect(port)) {
            assertServed(data, ftp);
        }
    }

    private void assertNotBound() throws Exception {
        Await.until("the log says that it was not bound", () -> server.jsonLog()
                .lines()
                .anyMatch(line -> line.contains("TransferFinished")
                        && line.contains("\"user\":\"" + account.name() + "\"")
                        && line.contains("\"tls\":true,\"resumed\":false")));
        assertTrue(server.isAlive());
    }
}
