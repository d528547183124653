package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code passive.peer = tls}, a client may have several addresses: its TLS session identifies it. */
@WithServer({
    "flotilla.listeners.bind=127.0.0.1,127.0.0.3",
    "flotilla.passive.peer=tls",
    "flotilla.passive.foreign-waiting=2",
    "flotilla.passive.address=localhost",
    "flotilla.passive.address-refresh=1s",
    "flotilla.passive.local-networks=10.0.0.0/8"
})
class ForeignPeerAcceptanceTest extends EndToEnd {
    private static final String ELSEWHERE = "127.0.0.2";
    private static final String SERVER = "127.0.0.1";

    private FtpDriver victim(String... version) throws IOException {
        write("ten", TEN);
        return login(version);
    }

    private static DataChannel elsewhere(int port) throws IOException {
        return DataChannel.connect(ELSEWHERE, SERVER, port);
    }

    private void assertServed(DataChannel data, FtpDriver ftp) throws IOException {
        assertEquals("0123456789", new String(ftp.secure(data).readAll(), StandardCharsets.US_ASCII));
        ftp.reply().expect(226);
    }

    private void noLeaseIsLeft() throws Exception {
        Await.until("no port is leased", () -> server.status().get("leases") == 0);
    }

    @ParameterizedTest(name = "A-DATA-17 a data connection of another address that resumes is served: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void resumes(String version) throws Exception {
        FtpDriver ftp = victim(version);
        for (int i = 0; i < 3; i++) {
            int port = ftp.epsvPort();
            ftp.command("RETR ten").expect(150);
            try (DataChannel data = elsewhere(port)) {
                assertServed(data, ftp);
            }
        }
        int port = ftp.epsvPort();
        ftp.command("STOR new").expect(150);
        try (DataChannel data = elsewhere(port)) {
            ftp.secure(data).send(TEN).finish();
            ftp.reply().expect(226);
        }
        assertEquals("0123456789", Files.readString(file("new")));
        noLeaseIsLeft();
    }

    @Test
    @DisplayName("A-DATA-17 one that does not resume, or is another user's, is closed, and the client is served")
    void doesNotResume() throws Exception {
        FtpDriver ftp = victim("TLSv1.3");
        FtpDriver stranger = login(server.newAccount(), "TLSv1.3");
        int port = ftp.epsvPort();
        ftp.command("RETR ten").expect(150);
        assertClosed(elsewhere(port), client());
        assertClosed(elsewhere(port), stranger.client());
        try (DataChannel clear = elsewhere(port)) {
            clear.send("GET / HTTP/1.1\r\n\r\n");
            assertTrue(clear.isClosedByServer());
        }
        try (DataChannel data = elsewhere(port)) {
            assertServed(data, ftp);
        }
        noLeaseIsLeft();
    }

    private void assertClosed(DataChannel data, ClientTls who) throws IOException {
        int got;
        try (data) {
            got = data.secure(who, server.explicitPort()).readAll().length;
        } catch (IOException refused) {
            got = 0;
        }
        assertEquals(0, got);
    }

    @Test
    @DisplayName(
            "Sockets of other addresses that say nothing are bounded, and cost the client of its own address nothing")
    void silent() throws Exception {
        FtpDriver ftp = victim("TLSv1.3");
        int port = ftp.epsvPort();
        List<DataChannel> silent = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            silent.add(closing(elsewhere(port)));
        }
        try (DataChannel more = elsewhere(port)) {
            assertTrue(more.isClosedByServer());
        }
        ftp.command("RETR ten").expect(150);
        try (DataChannel data = DataChannel.connect(port)) {
            assertServed(data, ftp);
        }
        for (DataChannel each : silent) {
            assertTrue(each.isClosedByServer());
        }
        noLeaseIsLeft();
    }

    @Test
    @DisplayName("A client that never protects its data gets nothing from another address")
    void clear() throws Exception {
        FtpDriver ftp = victim("TLSv1.3");
        int port = ftp.epsvPort();
        try (DataChannel data = elsewhere(port)) {
            data.cut();
            assertTrue(data.isClosedByServer());
        }
        ftp.command("ABOR").expect(226);
        noLeaseIsLeft();
        assertFalse(server.errors().contains("ERROR"), server::errors);
    }

    @Test
    @DisplayName("passive.address may be a name")
    void named() throws Exception {
        FtpDriver ftp = closing(FtpDriver.openAt("127.0.0.3", server, client())).begin(account);
        assertTrue(ftp.command("PASV").expect(227).text().contains("(127,0,0,1,"));
    }
}
