package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that send everything, close their sending half, and read. */
class HalfClosedTest extends EndToEnd {

    @ParameterizedTest(name = "all commands are answered after FIN: {0}, close_notify first: {1}")
    @CsvSource({"TLSv1.2, false", "TLSv1.2, true", "TLSv1.3, false", "TLSv1.3, true"})
    void answered(String version, boolean closeNotify) throws Exception {
        FtpDriver ftp = closing(FtpDriver.secured(server, client(version)));
        // More commands than the server reads ahead. The last line end is in a TLS record of its own, like
        // close_notify.
        for (int i = 0; i < 100; i++) {
            ftp.send("NOOP");
        }
        ftp.sendRaw("USER " + account.name() + "\r\nPASS " + account.password() + "\r\nPWD")
                .sendRaw("\r\n");
        if (closeNotify) {
            ftp.tls().shutdownOutput();
        } else {
            ftp.socket().shutdownOutput();
        }
        for (int i = 0; i < 100; i++) {
            ftp.reply().expect(200);
        }
        ftp.reply().expect(331);
        ftp.reply().expect(230);
        ftp.reply().expect(257);
        assertTrue(ftp.isClosedByServer());
    }

    @Test
    @DisplayName("a command in clear is answered after FIN, with nothing said the connection just ends")
    void clear() throws Exception {
        FtpDriver ftp = plain();
        ftp.sendRaw("FEAT\r\n").socket().shutdownOutput();
        ftp.reply().expect(211);
        assertTrue(ftp.isClosedByServer());
        FtpDriver silent = plain();
        silent.socket().shutdownOutput();
        assertTrue(silent.isClosedByServer());
    }

    @Test
    @DisplayName("a download and what follows it are whole after FIN")
    void download() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        try (DataChannel data = ftp.epsv()) {
            ftp.send("RETR ten").send("SIZE ten");
            ftp.reply().expect(150);
            ftp.socket().shutdownOutput();
            assertEquals(10, ftp.secure(data).readAll().length);
        }
        ftp.reply().expect(226);
        ftp.reply().expect(213);
        assertTrue(ftp.isClosedByServer());
    }

    @Test
    @DisplayName(
            "an upload after FIN is answered when it ends within its grace, or when QUIT follows; otherwise it is aborted")
    void uploads() throws Exception {
        try (ServerProcess short1 = ServerProcess.start("flotilla.limits.upload-grace=1s")) {
            Account own = short1.newAccount();
            ClientTls tls = ClientTls.trusting(short1.certificate());
            FtpDriver slow = closing(FtpDriver.loggedIn(short1, tls, own));
            try (DataChannel data = slow.transfer("STOR slow")) {
                data.send(TEN);
                slow.socket().shutdownOutput();
                slow.reply().expect(421);
                assertTrue(slow.isClosedByServer());
            }
            FtpDriver quits = closing(FtpDriver.loggedIn(short1, tls, own));
            try (DataChannel data = quits.transfer("STOR quits")) {
                data.send(TEN);
                quits.send("QUIT").socket().shutdownOutput();
                // The file of the aborted upload is free, so its client's next session may write it.
                FtpDriver next = closing(FtpDriver.loggedIn(short1, tls, own));
                Await.until("a free file", () -> next.store("STOR slow", TEN).code() == 226);
                data.send(TEN).finish();
            }
            quits.reply().expect(226);
            quits.reply().expect(221);
        }
        FtpDriver soon = login();
        try (DataChannel data = soon.transfer("STOR soon")) {
            soon.socket().shutdownOutput();
            data.send(TEN).finish();
        }
        soon.reply().expect(226);
        assertTrue(soon.isClosedByServer());
        assertEquals(10, Files.size(file("soon")));
    }
}
