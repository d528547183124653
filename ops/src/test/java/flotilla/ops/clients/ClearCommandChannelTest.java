package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.FtpReply;
import flotilla.ops.e2e.WithServer;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Control connections that leave TLS, if the operator allows it (protocol.md, sections 3.6 and 4.6). */
@WithServer({"flotilla.tls.allow-ccc=true", "flotilla.protocol.allow-rein=true"})
class ClearCommandChannelTest extends Client {

    @ParameterizedTest(name = "A-TLS-24 A-TLS-26 Python leaves TLS with CCC and begins anew with REIN: TLS {0}")
    @ValueSource(strings = {"1.2", "1.3"})
    void ftplib(String version) throws Exception {
        Program.script(
                        work,
                        "python3",
                        "ftplib_clear.py",
                        "127.0.0.1",
                        String.valueOf(server.explicitPort()),
                        account.name(),
                        account.password(),
                        server.certificate().toString(),
                        version)
                .run()
                .ok()
                .containing("all good");
    }

    @ParameterizedTest(name = "A-TLS-24 curl leaves TLS with CCC and goes on: TLS {0}")
    @ValueSource(strings = {"1.2", "1.3"})
    void curl(String version) throws Exception {
        Path sent = Program.file(local("sent"), 300_000);
        Program.of(
                        work,
                        "curl",
                        "-sS",
                        "--fail",
                        "--max-time",
                        "60",
                        "--ssl-reqd",
                        "--tlsv" + version,
                        "--tls-max",
                        version,
                        "--ftp-ssl-ccc",
                        "--ftp-ssl-ccc-mode",
                        "active",
                        "--cacert",
                        server.certificate().toString(),
                        "--user",
                        account.name() + ":" + account.password(),
                        "-T",
                        sent.toString(),
                        explicitUrl("got"))
                .run()
                .ok();
        assertSame(sent, file("got"));
    }

    @ParameterizedTest(
            name =
                    "A command sent together with {0} ends the session: it is not known under which protection it was meant")
    @ValueSource(strings = {"CCC", "REIN"})
    void nothingMayFollow(String verb) throws Exception {
        FtpDriver ftp = login();
        ftp.sendRaw(verb + "\r\nPWD\r\n");
        ftp.reply().expect(503);
        assertTrue(ftp.isClosedByServer());
    }

    @Test
    @DisplayName("A client that goes on in clear without its close_notify is cut off")
    void noCloseNotify() throws Exception {
        FtpDriver ftp = login();
        ftp.command("CCC").expect(200);
        ftp.socket().getOutputStream().write("PWD\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        byte[] rest = ftp.socket().getInputStream().readAllBytes();
        assertTrue(!new String(rest, java.nio.charset.StandardCharsets.ISO_8859_1).contains("257"), "PWD was executed");
    }

    @Test
    @DisplayName("A-TLS-26 REIN on the implicit port is 220 and the end, in clear it begins anew")
    void otherDoors() throws Exception {
        FtpDriver implicit = closing(FtpDriver.openImplicit(server, client()));
        implicit.handshake().reply().expect(220);
        implicit.logIn(account).command("REIN").expect(220);
        assertTrue(implicit.isClosedByServer());
        FtpDriver clear = plain();
        clear.command("CCC").expect(533);
        clear.command("REIN").expect(220);
        FtpReply refused = clear.command("USER " + account.name());
        assertEquals(530, refused.code());
        clear.command("AUTH TLS").expect(234);
        clear.handshake().logIn(account).command("PWD").expect(257);
    }
}
