package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Framing, Telnet, and the commands about the session (protocol.md, section 8.1). */
class ControlAcceptanceTest extends EndToEnd {
    private static final byte[] IP_DM = {(byte) 0xff, (byte) 0xf4, (byte) 0xff, (byte) 0xf2};

    @Test
    @DisplayName("A-CTL-01 the plain port greets once and names no product")
    void greeting() throws Exception {
        FtpDriver ftp = closing(FtpDriver.open(server, client()));
        FtpReply greeting = ftp.reply().expect(220);
        assertFalse(
                greeting.toString().toLowerCase(java.util.Locale.ROOT).matches(".*(flotilla|java|netty|\\d+\\.\\d+).*"),
                greeting::toString);
        ftp.command("NOOP").expect(200);
    }

    @Test
    @DisplayName("A-CTL-02 the implicit port says nothing before the ClientHello, then greets within TLS")
    void implicitIsSilent() throws Exception {
        FtpDriver ftp = closing(FtpDriver.openImplicit(server, client()));
        ftp.socket().setSoTimeout(1000);
        assertThrows(SocketTimeoutException.class, ftp::readByte);
        ftp.socket().setSoTimeout(30_000);
        ftp.handshake().reply().expect(220);
    }

    @Test
    @DisplayName("A-CTL-03 verbs are case-insensitive")
    void verbsIgnoreCase() throws Exception {
        FtpDriver ftp = login();
        for (String line : List.of("noop", "NoOp", "NOOP x", "site help", "SiTe HeLp", "type i", "pwd")) {
            assertEquals(2, ftp.command(line).code() / 100, line);
        }
        ftp.command("quit").expect(221);
        assertTrue(ftp.isClosedByServer());
    }

    @Test
    @DisplayName("A-CTL-04 an unknown verb gets 500 and is not reflected")
    void unknownVerb() throws Exception {
        FtpDriver ftp = secured();
        FtpReply reply = ftp.command("FOO <script>bar").expect(500);
        assertFalse(reply.toString().contains("script") || reply.toString().contains("FOO"), reply::toString);
    }

    @Test
    @DisplayName("A-CTL-05 an overlong line gets one 500, the third one 421 and the end")
    void overlongLines() throws Exception {
        FtpDriver ftp = login();
        String tooLong = "NOOP " + "x".repeat(8193 - 5) + "\r\n";
        ftp.sendRaw(tooLong).reply().expect(500);
        ftp.command("NOOP").expect(200);
        ftp.sendRaw(tooLong).reply().expect(500);
        ftp.sendRaw(tooLong).reply().expect(421);
        assertTrue(ftp.isClosedByServer());
    }

    @Test
    @DisplayName("A-CTL-05 a line of exactly 8192 bytes is taken after login, 1024 before")
    void longestLines() throws Exception {
        FtpDriver ftp = secured();
        ftp.sendRaw("NOOP " + "x".repeat(1024 - 7) + "\r\n").reply().expect(200);
        ftp.sendRaw("NOOP " + "x".repeat(1024 - 6) + "\r\n").reply().expect(500);
        ftp.logIn(account);
        ftp.sendRaw("NOOP " + "x".repeat(8192 - 7) + "\r\n").reply().expect(200);
    }

    @Test
    @DisplayName("A-CTL-06 a command that comes byte by byte is answered as any other")
    void byteByByte() throws Exception {
        FtpDriver ftp = login();
        for (byte b : "SYST\r\n".getBytes(StandardCharsets.US_ASCII)) {
            ftp.sendRaw(new byte[] {b});
            TimeUnit.MILLISECONDS.sleep(30);
        }
        assertEquals("215 UNIX Type: L8", ftp.reply().toString());
    }

    @Test
    @DisplayName("A-CTL-07 a bare LF ends a line")
    void bareLineFeed() throws Exception {
        FtpDriver ftp = plain();
        ftp.sendRaw("NOOP\n").reply().expect(200);
        ftp.sendRaw("NOOP\nSYST\n").reply().expect(200);
        ftp.reply().expect(215);
    }

    @Test
    @DisplayName("A-CTL-08 NUL in a user name gets 501 and reaches no user store")
    void nulInUserName() throws Exception {
        FtpDriver ftp = secured();
        ftp.sendRaw("USER " + account.name() + "\0x\r\n").reply().expect(501);
        ftp.command("PASS " + account.password()).expect(503);
    }

    @Test
    @DisplayName("A-CTL-09 ten commands in one segment get ten replies in order")
    void pipelined() throws Exception {
        FtpDriver ftp = login();
        ftp.sendRaw("NOOP\r\nSYST\r\nPWD\r\nTYPE A\r\nNOPE\r\nCWD /nowhere\r\nREST 5\r\nTYPE E\r\nSTAT\r\nPROT P\r\n");
        for (int code : new int[] {200, 215, 257, 200, 500, 550, 350, 504, 211, 200}) {
            ftp.reply().expect(code);
        }
    }

    @Test
    @DisplayName(
            "A-CTL-10 a million lines whose replies nobody reads: reading stops, memory does not grow, others are served")
    void flood() throws Exception {
        FtpDriver ftp = login();
        // Without it the kernel of a large machine buffers everything.
        ftp.socket().setSendBufferSize(64 * 1024);
        ftp.socket().setReceiveBufferSize(64 * 1024);
        byte[] lines = "h\r\n".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
        AtomicInteger written = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        Thread flood = new Thread(() -> {
            try {
                for (int i = 0; i < 50; i++) {
                    ftp.sendRaw(lines);
                    written.incrementAndGet();
                }
                over.set(true);
            } catch (java.io.IOException closed) {
                Thread.currentThread().interrupt();
            }
        });
        flood.setDaemon(true);
        flood.start();
        Await.until("something is written", () -> written.get() > 0);
        Await.until("the client can write no more", () -> {
            int before = written.get();
            for (int i = 0; i < 3; i++) {
                login().command("NOOP").expect(200);
            }
            return written.get() == before;
        });
        assertFalse(over.get(), "three million bytes were taken from a client that reads nothing");
        ftp.reset();
        flood.join(TimeUnit.SECONDS.toMillis(30));
        assertFalse(flood.isAlive());
        assertFalse(server.errors().contains("OutOfMemoryError"));
    }

    @Test
    @DisplayName("A-CTL-11 IP and DM before ABOR are Telnet, in clear with an urgent byte and within TLS")
    void telnetBeforeAbor() throws Exception {
        FtpDriver clear = plain();
        clear.sendRaw(new byte[] {IP_DM[0], IP_DM[1], IP_DM[2]})
                .sendUrgent(0xf2)
                .sendRaw("NOOP\r\n")
                .reply()
                .expect(200);
        FtpDriver ftp = login();
        ByteArrayOutputStream abort = new ByteArrayOutputStream();
        abort.writeBytes(IP_DM);
        abort.writeBytes("ABOR\r\n".getBytes(StandardCharsets.US_ASCII));
        ftp.sendRaw(abort.toByteArray()).reply().expect(226);
        ftp.command("NOOP").expect(200);
    }

    @Test
    @DisplayName("A-CTL-12 endless Telnet subnegotiation and a thousand options are bounded")
    void telnetFlood() throws Exception {
        FtpDriver ftp = plain();
        ByteArrayOutputStream options = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            options.writeBytes(new byte[] {(byte) 0xff, (byte) 0xfb, 1});
        }
        options.writeBytes("NOOP\r\n".getBytes(StandardCharsets.US_ASCII));
        ftp.sendRaw(options.toByteArray());
        int refusals = 0;
        int next = ftp.readByte();
        while (next == 0xff) {
            assertEquals(0xfe, ftp.readByte());
            assertEquals(1, ftp.readByte());
            refusals++;
            next = ftp.readByte();
        }
        assertEquals('2', next);
        assertEquals(1, refusals, "once to an option");
        FtpDriver other = plain();
        ByteArrayOutputStream sub = new ByteArrayOutputStream();
        sub.writeBytes(new byte[] {(byte) 0xff, (byte) 0xfa});
        sub.writeBytes("x".repeat(10 * 1024).getBytes(StandardCharsets.US_ASCII));
        sub.writeBytes("\r\nNOOP\r\n".getBytes(StandardCharsets.US_ASCII));
        other.sendRaw(sub.toByteArray()).reply().expect(500);
        other.reply().expect(200);
    }

    @Test
    @DisplayName("A-CTL-14 an empty line does not disturb")
    void emptyLine() throws Exception {
        FtpDriver ftp = login();
        write("ten", TEN);
        ftp.command("REST 5").expect(350);
        ftp.sendRaw("\r\n").reply().expect(500);
        assertEquals("56789", new String(ftp.fetch("RETR ten"), StandardCharsets.US_ASCII));
        ftp.command("RNFR ten").expect(350);
        ftp.sendRaw("\r\n").reply().expect(500);
        ftp.command("RNTO eleven").expect(250);
    }

    @Test
    @DisplayName("A-CTL-17 FEAT has its lines with one space, the same in clear, in TLS and after login")
    void features() throws Exception {
        FtpDriver ftp = plain();
        FtpReply clear = ftp.command("FEAT").expect(211);
        ftp.command("AUTH TLS").expect(234);
        ftp.handshake();
        FtpReply secured = ftp.command("FEAT").expect(211);
        ftp.logIn(account);
        FtpReply loggedIn = ftp.command("FEAT").expect(211);
        assertEquals(clear.lines(), secured.lines());
        assertEquals(clear.lines(), loggedIn.lines());
        assertTrue(clear.lines().get(0).startsWith("211-"));
        assertEquals("211 End", clear.lines().get(clear.lines().size() - 1));
        clear.inner().forEach(line -> assertTrue(line.matches(" [A-Z][^ ].*"), line));
        assertTrue(
                clear.inner()
                        .containsAll(List.of(
                                " AUTH TLS",
                                " PBSZ",
                                " PROT",
                                " UTF8",
                                " TVFS",
                                " REST STREAM",
                                " SIZE",
                                " MDTM",
                                " MFMT",
                                " EPRT",
                                " EPSV",
                                " CLNT",
                                " HOST")),
                clear::toString);
        assertTrue(
                clear.inner().stream().anyMatch(l -> l.startsWith(" MLST type*;size*;modify*;perm*;unique*;")),
                clear::toString);
        assertTrue(clear.inner().stream().anyMatch(l -> l.startsWith(" HASH SHA-256*;")), clear::toString);
        assertTrue(clear.inner().stream().noneMatch(l -> l.matches(" (PRET|MODE Z|CPSV|SSCN).*")), clear::toString);
        ftp.command("FEAT x").expect(501);
    }

    @Test
    @DisplayName("A-CTL-18 UTF8 can be turned on at any time and never off")
    void utf8() throws Exception {
        FtpDriver ftp = plain();
        ftp.command("OPTS UTF8 ON").expect(200);
        ftp.command("opts utf8 on").expect(200);
        FtpDriver loggedIn = login();
        loggedIn.command("OPTS UTF8 ON").expect(200);
        loggedIn.command("OPTS UTF-8 ON").expect(200);
        loggedIn.command("OPTS UTF8 OFF").expect(504);
        loggedIn.command("OPTS NOPE").expect(501);
    }

    @Test
    @DisplayName("A-CTL-19 SYST is UNIX Type: L8")
    void system() throws Exception {
        assertEquals("215 UNIX Type: L8", plain().command("SYST").toString());
        assertEquals("215 UNIX Type: L8", login().command("SYST").toString());
    }

    @Test
    @DisplayName("A-CTL-20 HELP lists, explains one verb, refuses unknown ones")
    void help() throws Exception {
        FtpDriver ftp = login();
        FtpReply all = ftp.command("HELP").expect(214);
        assertTrue(all.lines().size() > 2, all::toString);
        ftp.command("HELP RETR").expect(214).containing("RETR");
        ftp.command("HELP XYZ").expect(501, 502);
        ftp.command("SITE HELP").expect(214);
        ftp.command("HELP SITE").expect(214);
    }

    @Test
    @DisplayName("A-CTL-21 STAT tells the state and nothing of the inside")
    void status() throws Exception {
        FtpDriver ftp = login();
        FtpReply reply = ftp.command("STAT").expect(211);
        assertTrue(reply.lines().size() > 2, reply::toString);
        reply.containing("FTP server status").containing("Logged in as " + account.name());
        reply.inner().forEach(line -> assertTrue(line.startsWith(" "), line));
        assertFalse(reply.toString().contains(server.dataDirectory().toString()), reply::toString);
        assertFalse(reply.toString().toLowerCase(java.util.Locale.ROOT).contains("flotilla"), reply::toString);
    }

    @Test
    @DisplayName("A-CTL-23 HOST takes known names before USER only")
    void host() throws Exception {
        FtpDriver ftp = secured();
        ftp.command("HOST ftp.example.test").expect(220);
        ftp.command("HOST FILES.example.test").expect(220);
        ftp.command("HOST nowhere.example.test").expect(504);
        ftp.command("HOST ftp.example.test:21").expect(501);
        ftp.command("HOST 192.0.2.1").expect(504);
        ftp.command("HOST").expect(501);
        ftp.command("USER " + account.name()).expect(331);
        ftp.command("HOST ftp.example.test").expect(503);
        ftp.command("PASS " + account.password()).expect(230);
        ftp.command("HOST ftp.example.test").expect(503);
    }

    @Test
    @DisplayName("A-CTL-23 A-TLS-22 HOST must be the name of the handshake")
    void hostAndServerName() throws Exception {
        FtpDriver ftp = closing(FtpDriver.secured(server, client().naming("ftp.example.test")));
        ftp.command("HOST files.example.test").expect(504);
        ftp.command("HOST ftp.example.test").expect(220);
    }

    @Test
    @DisplayName("A-CTL-24 CLNT and LANG")
    void clientAndLanguage() throws Exception {
        FtpDriver ftp = login();
        ftp.command("CLNT NcFTP 3.2").expect(200);
        ftp.command("LANG en").expect(200);
        ftp.command("LANG xx").expect(504);
        ftp.command("LANG").expect(200);
        ftp.command("CSID Name=x;Version=1;").expect(200, 500, 502);
    }

    @Test
    @DisplayName("A-CTL-25 the commands of RFC 2228 that TLS makes superfluous are not implemented")
    void notImplemented() throws Exception {
        FtpDriver ftp = login();
        for (String line : List.of(
                "MIC x", "CONF x", "ENC x", "ADAT x", "SMNT x", "LPRT x", "LPSV", "PRET RETR x", "CPSV", "SSCN")) {
            assertEquals(502, ftp.command(line).code(), line);
        }
    }

    @Test
    @DisplayName("A-CTL-26 the X verbs are the verbs")
    void xVerbs() throws Exception {
        FtpDriver ftp = login();
        ftp.command("XMKD d").expect(257).containing("\"/d\"");
        ftp.command("XCWD d").expect(250);
        assertTrue(ftp.command("XPWD").expect(257).text().startsWith("\"/d\""));
        ftp.command("XCUP").expect(250);
        ftp.command("XRMD d").expect(250);
        ftp.command("XCWD d").expect(550);
    }

    @Test
    @DisplayName("RFC 959: PASS only after USER, RNTO only after RNFR, unknown state is 503; ACCT is not needed")
    void sequences() throws Exception {
        FtpDriver ftp = secured();
        ftp.command("PASS x").expect(503);
        ftp.command("ACCT x").expect(503, 530);
        ftp.command("PWD").expect(530);
        ftp.command("RETR x").expect(530);
        ftp.logIn(account);
        ftp.command("PASS x").expect(503);
        ftp.command("ACCT x").expect(202);
        ftp.command("RNTO x").expect(503);
        ftp.command("NOOP").expect(200);
    }

    @Test
    @DisplayName("A client that goes away with RST leaves nothing behind")
    void resetLeavesNothing() throws Exception {
        FtpDriver ftp = login();
        ftp.epsvPort();
        ftp.reset();
        assertThrows(SocketException.class, () -> ftp.command("NOOP"));
        Await.until("the session has ended", () -> server.jsonLog()
                .lines()
                .anyMatch(line -> line.contains("\"Disconnected\"") && line.contains('"' + account.name() + '"')));
    }
}
