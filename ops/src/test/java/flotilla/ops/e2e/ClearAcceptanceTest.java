package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A server that allows logins and data without TLS, as a test bench or an old device needs (protocol.md, section 8).
 */
@WithServer({"flotilla.tls.required=false", "flotilla.tls.data-required=false"})
class ClearAcceptanceTest extends EndToEnd {

    private FtpDriver clearLogin() throws IOException {
        FtpDriver ftp = plain().logIn(account);
        ftp.command("TYPE I").expect(200);
        return ftp;
    }

    @Test
    @DisplayName("A-CTL-11 A-CTL-13 an urgent ABOR ends a download in clear")
    void urgentAbort() throws Exception {
        write("big", bytes(20_000_000));
        FtpDriver ftp = clearLogin();
        DataChannel data = ftp.transfer("RETR big");
        data.read();
        ftp.sendRaw(new byte[] {(byte) 0xff, (byte) 0xf4, (byte) 0xff})
                .sendUrgent(0xf2)
                .sendRaw("ABOR\r\n");
        ftp.reply().expect(426);
        ftp.reply().expect(226);
        ftp.command("NOOP").expect(200);
    }

    @Test
    @DisplayName("A-CTL-13 ABOR sent wholly as urgent data, as ftplib does, keeps its line end")
    void urgentLine() throws Exception {
        FtpDriver ftp = clearLogin();
        ftp.sendRaw("ABOR\r").sendUrgent('\n').reply().expect(226);
        ftp.command("NOOP").expect(200);
    }

    @Test
    @DisplayName("A-TLS-08 AUTH takes a clear login away, with its directory, type and endpoint")
    void authResets() throws Exception {
        java.nio.file.Files.createDirectory(file("d"));
        FtpDriver ftp = clearLogin();
        ftp.command("CWD d").expect(250);
        ftp.command("RNFR /d").expect(350);
        ftp.command("AUTH TLS").expect(234);
        ftp.handshake();
        ftp.command("PWD").expect(530);
        ftp.logIn(account);
        assertTrue(ftp.command("PWD").expect(257).text().startsWith("\"/\""));
        ftp.command("STAT").expect(211).containing("TYPE: ASCII").containing("data C");
        ftp.command("RNTO x").expect(503);
        ftp.command("LIST").expect(425);
        ftp.command("PROT C").expect(503);
        ftp.command("PBSZ 0").expect(200);
        ftp.command("PROT C").expect(200);
    }

    @Test
    @DisplayName("A-DATA-20 empty files and listings in clear")
    void empty() throws Exception {
        FtpDriver ftp = clearLogin();
        for (String listing : List.of("LIST", "MLSD", "NLST")) {
            assertEquals(0, ftp.fetch(listing).length, listing);
        }
        ftp.store("STOR empty", new byte[0]).expect(226);
        assertEquals(0, ftp.fetch("RETR empty").length);
    }

    @Test
    @DisplayName("A-XFER-01 A-XFER-02 files go up and down in clear, and over PROT C within TLS")
    void clearTransfers() throws Exception {
        byte[] bytes = bytes(3_000_000);
        FtpDriver ftp = clearLogin();
        ftp.store("STOR f", bytes).expect(226);
        assertEquals(-1, java.util.Arrays.mismatch(bytes, ftp.fetch("RETR f")));
        FtpDriver mixed = secured();
        mixed.logIn(account);
        mixed.command("TYPE I").expect(200);
        assertEquals(-1, java.util.Arrays.mismatch(bytes, mixed.fetch("RETR f")));
    }

    @Test
    @DisplayName("A-XFER-21 a clear upload that ends with RST is 426")
    void resetUpload() throws Exception {
        FtpDriver ftp = clearLogin();
        DataChannel data = ftp.transfer("STOR f").send(TEN);
        Await.until("the bytes are there", () -> server.status().get("transfers") == 1);
        data.reset();
        ftp.reply().expect(426);
    }

    @Test
    @DisplayName("A-CTL-12 Telnet bytes within a clear command line vanish, doubled IAC stays and is no UTF-8")
    void telnetWithin() throws Exception {
        FtpDriver ftp = clearLogin();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(new byte[] {'N', (byte) 0xff, (byte) 0xf1, 'O', 'O', 'P', '\r', '\n'});
        ftp.sendRaw(line.toByteArray()).reply().expect(200);
        line.reset();
        line.writeBytes("MKD x".getBytes(StandardCharsets.US_ASCII));
        line.writeBytes(new byte[] {(byte) 0xff, (byte) 0xff, '\r', '\n'});
        ftp.sendRaw(line.toByteArray()).reply().expect(501);
    }
}
