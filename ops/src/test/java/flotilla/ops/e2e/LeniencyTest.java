package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Leniencies for old clients, for one user or one port. A user's setting wins over the port's, and the port's over the
 * server's.
 */
@WithServer({
    "flotilla.listeners.implicit.accept-missing-close-notify=true",
    "flotilla.listeners.implicit.lenient-pbsz=true",
    "flotilla.listeners.implicit.ascii-as-binary=yes"
})
class LeniencyTest extends EndToEnd {
    private static final byte[] LINES = "a\nb\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private static FtpReply cutUpload(FtpDriver ftp, String name, byte[] bytes) throws Exception {
        DataChannel data = ftp.transfer("STOR " + name);
        if (bytes.length > 0) {
            data.send(bytes);
        }
        data.cut();
        FtpReply reply = ftp.reply();
        data.close();
        return reply;
    }

    @Test
    @DisplayName("an upload without close_notify is whole only where its user, or else its port, says so")
    void closeNotify() throws Exception {
        cutUpload(login(), "f", TEN).expect(426);
        assertFalse(Files.exists(file("f")));
        FtpDriver implicit = closing(FtpDriver.openImplicit(server, client()));
        implicit.handshake().reply().expect(220);
        implicit.logIn(account);
        implicit.command("TYPE I").expect(200);
        cutUpload(implicit, "i", TEN).expect(226);
        assertEquals(10, Files.size(file("i")));

        server.flotilla("user", "set", account.name(), "--accept-missing-close-notify", "no");
        Await.until("the user's no", () -> cutUpload(implicit, "j", TEN).code() == 426);
        server.flotilla("user", "set", account.name(), "--accept-missing-close-notify", "YES");
        FtpDriver lenient = login();
        cutUpload(lenient, "f", TEN).expect(226);
        cutUpload(lenient, "empty", new byte[0]).expect(226);
        assertEquals(0, Files.size(file("empty")));
        cutUpload(login(server.newAccount()), "f", TEN).expect(426);

        server.flotilla("user", "set", account.name(), "--accept-missing-close-notify", "default");
        Await.until("the port's no", () -> cutUpload(lenient, "g", TEN).code() == 426);
    }

    @Test
    @DisplayName("PROT without PBSZ and TYPE A without conversion hold for the port, or for the user")
    void bufferSizeAndAscii() throws Exception {
        Files.write(file("lines"), LINES);
        FtpDriver implicit = closing(FtpDriver.openImplicit(server, client()));
        implicit.handshake().reply().expect(220);
        implicit.command("PROT P").expect(200);
        implicit.logIn(account);
        assertEquals(LINES.length, implicit.fetch("RETR lines").length);

        FtpDriver ftp = secured();
        ftp.logIn(account);
        ftp.command("PROT P").expect(503);
        server.flotilla("user", "set", account.name(), "--lenient-pbsz", "yes", "--ascii-as-binary", "no");
        Await.until("the user's yes", () -> ftp.command("PROT P").code() == 200);
        Await.until("the user's no", () -> implicit.fetch("RETR lines").length == LINES.length + 2);
    }

    @ParameterizedTest(
            name = "a connection that ends before its handshake is done makes no empty file of a full one: {0} bytes")
    @ValueSource(ints = {0, 3, 200})
    void brokenHandshake(int bytes) throws Exception {
        server.flotilla("user", "set", account.name(), "--accept-missing-close-notify", "yes");
        write("full", TEN);
        FtpDriver ftp = login();
        int port = ftp.epsvPort();
        try (DataChannel data = DataChannel.connect(port)) {
            ftp.command("STOR full").expect(150);
            byte[] hello = new byte[bytes];
            byte[] begin = {22, 3, 1, 0, (byte) 250, 1, 0, 0, (byte) 246, 3, 3};
            System.arraycopy(begin, 0, hello, 0, Math.min(bytes, begin.length));
            data.send(hello).cut();
            ftp.reply().expect(522);
        }
        assertEquals(10, Files.size(file("full")));
    }

    @ParameterizedTest(name = "an empty upload without close_notify replaces nothing: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void emptyUpload(String version) throws Exception {
        write("full", TEN);
        FtpDriver ftp = login(version);
        cutUpload(ftp, "full", new byte[0]).expect(426);
        assertEquals(10, Files.size(file("full")));
        ftp.store("STOR full", new byte[0]).expect(226);
        assertEquals(0, Files.size(file("full")));
    }
}
