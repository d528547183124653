package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Timers that end something, on a server with short timers, two passive ports and a public address (protocol.md,
 * sections 3.7 and 8).
 */
@WithServer({
    "two-passive-ports",
    "flotilla.passive.connect-timeout=2s",
    "flotilla.tls.handshake-timeout=2s",
    "flotilla.login.timeout=6s",
    "flotilla.limits.stall-timeout=2s",
    "flotilla.limits.idle-timeout=4s",
    "flotilla.passive.address=203.0.113.9",
    "flotilla.passive.local-networks=10.0.0.0/8",
    "flotilla.limits.max-per-user=3",
    "flotilla.active.enabled=false"
})
class TimersAcceptanceTest extends EndToEnd {

    @Test
    @DisplayName("A-CTL-15 an idle session is told 421, then its connection ends")
    void idle() throws Exception {
        FtpDriver ftp = login();
        ftp.reply().expect(421);
        assertTrue(ftp.isClosedByServer());
    }

    @Test
    @DisplayName("A-CTL-16 a session is not idle during a slow transfer")
    void slowTransferIsNotIdle() throws Exception {
        FtpDriver ftp = login();
        DataChannel data = ftp.transfer("STOR slow");
        for (int i = 0; i < 12; i++) {
            data.send(TEN);
            TimeUnit.MILLISECONDS.sleep(500);
        }
        data.finish();
        ftp.reply().expect(226);
        assertEquals(120, Files.size(file("slow")));
    }

    @Test
    @DisplayName("A-TLS-06 silence after AUTH ends the connection")
    void silentHandshake() throws Exception {
        FtpDriver ftp = plain();
        ftp.command("AUTH TLS").expect(234);
        assertTrue(ftp.isClosedByServer());
        FtpDriver implicit = closing(FtpDriver.openImplicit(server, client()));
        assertTrue(implicit.isClosedByServer());
    }

    @Test
    @DisplayName("A-TLS-35 a client that does not log in is told 421")
    void loginTimeout() throws Exception {
        FtpDriver ftp = secured();
        FtpReply reply;
        do {
            TimeUnit.MILLISECONDS.sleep(500);
            reply = ftp.command("NOOP");
        } while (reply.code() == 200);
        reply.expect(421);
        assertTrue(ftp.isClosedByServer());
    }

    @Test
    @DisplayName("A-DATA-09 a data connection that never comes gets 425, and the next one works")
    void neverConnects() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        int port = ftp.epsvPort();
        ftp.command("RETR ten").expect(150);
        ftp.reply().expect(425);
        try (DataChannel late = DataChannel.connect(port)) {
            assertTrue(late.isClosedByServer());
        }
        assertEquals(10, ftp.fetch("RETR ten").length);
    }

    @Test
    @DisplayName("A-DATA-12 with two ports the third session from one address is told 425, and recovers")
    void portsRunOut() throws Exception {
        FtpDriver one = login();
        FtpDriver two = login();
        FtpDriver three = login();
        one.epsvPort();
        two.epsvPort();
        three.command("EPSV").expect(425);
        one.command("ABOR").expect(226);
        three.epsvPort();
    }

    @Test
    @DisplayName("A-DATA-15 PASV tells outside clients the public address")
    void publicAddress() throws Exception {
        login().command("PASV").expect(227).containing("(203,0,113,9,");
    }

    @Test
    @DisplayName("A-DATA-22 a reader that stalls gets 426 and its thread is free again")
    void stalledReader() throws Exception {
        write("big", new byte[30_000_000]);
        FtpDriver ftp = login();
        DataChannel data = closing(ftp.transfer("RETR big"));
        assertEquals(0, data.read());
        ftp.reply().expect(426);
        Await.until("no transfer runs", () -> server.status().get("transfers") == 0);
    }

    @Test
    @DisplayName("A stalled upload gets 426")
    void stalledWriter() throws Exception {
        FtpDriver ftp = login();
        closing(ftp.transfer("STOR x")).send(TEN);
        ftp.reply().expect(426);
    }

    @Test
    @DisplayName("A data handshake that stalls gets 522")
    void stalledHandshake() throws Exception {
        FtpDriver ftp = login();
        closing(ftp.epsv());
        ftp.command("STOR x").expect(150);
        ftp.reply().expect(522);
    }

    @Test
    @DisplayName("The fourth session of a user is told 421; PORT is not implemented when active mode is off")
    void sessionsOfOneUser() throws Exception {
        FtpDriver one = login();
        login();
        login();
        FtpDriver four = secured();
        four.command("USER " + account.name()).expect(331);
        four.command("PASS " + account.password()).expect(421);
        assertTrue(four.isClosedByServer());
        one.command("PORT 127,0,0,1,200,10").expect(502);
        one.command("EPRT |1|127.0.0.1|51210|").expect(502);
        one.command("QUIT").expect(221);
        Await.until("a slot is free", () -> {
            FtpDriver again = secured();
            again.command("USER " + account.name()).expect(331);
            return again.command("PASS " + account.password()).code() == 230;
        });
    }
}
