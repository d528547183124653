package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS and login (protocol.md, section 8.2). */
class TlsAcceptanceTest extends EndToEnd {

    @ParameterizedTest(name = "A-TLS-01 AUTH {0} starts TLS and leaves data clear")
    @ValueSource(strings = {"TLS", "tls", "TLS-C", "SSL"})
    void mechanisms(String mechanism) throws Exception {
        FtpDriver ftp = plain();
        ftp.command("AUTH " + mechanism).expect(234);
        ftp.handshake().logIn(account);
        ftp.command("STAT").expect(211).containing("data C");
        ftp.epsvPort();
        ftp.command("LIST").expect(522);
    }

    @Test
    @DisplayName("A-TLS-02 USER in clear is refused and PASS checks nothing; it is counted, and the log says why")
    void clearLogin() throws Exception {
        int before = server.status().get("login-tls-required");
        FtpDriver ftp = plain();
        ftp.command("USER " + account.name()).expect(530);
        ftp.command("PASS " + account.password()).expect(503, 530);
        ftp.command("USER again").expect(530);
        assertEquals(before + 1, server.status().get("login-tls-required"));
        Await.until("the refusal in the log", () -> server.nativeLog()
                .lines()
                .anyMatch(line ->
                        line.contains("[" + account.name() + "] FAIL LOGIN") && line.contains(", tls-required;")));
    }

    @Test
    @DisplayName("A-TLS-03 AUTH of an unknown mechanism, of none, and within TLS")
    void authErrors() throws Exception {
        FtpDriver ftp = plain();
        ftp.command("AUTH GSSAPI").expect(504);
        ftp.command("AUTH").expect(501);
        ftp.command("AUTH TLS").expect(234);
        ftp.handshake().command("AUTH TLS").expect(503);
        ftp.command("NOOP").expect(200);
    }

    @Test
    @DisplayName("A-TLS-05 garbage instead of a ClientHello closes the connection without a clear reply")
    void garbageHandshake() throws Exception {
        FtpDriver ftp = plain();
        ftp.command("AUTH TLS").expect(234);
        ftp.sendRaw("NOOP this is no ClientHello at all, but long enough to tell\r\n");
        int first;
        try {
            first = ftp.readByte();
        } catch (IOException reset) {
            first = -1;
        }
        assertTrue(first == -1 || first == 0x15, "the first byte is neither the end nor a TLS alert: " + first);
        if (first == 0x15) {
            ftp.socket().getInputStream().readAllBytes();
        }
    }

    @Test
    @DisplayName("A-TLS-07 commands sent together with AUTH end the session")
    void injection() throws Exception {
        FtpDriver ftp = plain();
        ftp.sendRaw("AUTH TLS\r\nUSER " + account.name() + "\r\nPASS " + account.password() + "\r\n")
                .reply()
                .expect(503);
        assertTrue(ftp.isClosedByServer());
        assertFalse(server.nativeLog().contains("[" + account.name() + "]"));
    }

    @Test
    @DisplayName("A-TLS-09 PBSZ needs TLS and a number, PROT needs PBSZ")
    void bufferSize() throws Exception {
        FtpDriver clear = plain();
        clear.command("PBSZ 0").expect(503);
        clear.command("PROT P").expect(503);
        FtpDriver ftp = secured();
        ftp.command("PROT P").expect(503);
        ftp.command("PBSZ abc").expect(501);
        ftp.command("PBSZ -1").expect(501);
        ftp.command("PBSZ").expect(501);
        assertTrue(ftp.command("PBSZ 16384").expect(200).text().startsWith("PBSZ=0"));
        ftp.command("PROT P").expect(200);
    }

    @Test
    @DisplayName("A-TLS-10 the levels of PROT")
    void levels() throws Exception {
        FtpDriver ftp = secured();
        ftp.command("PBSZ 0").expect(200);
        ftp.command("PROT P").expect(200);
        ftp.command("prot p").expect(200);
        ftp.command("PROT C").expect(534);
        ftp.command("PROT S").expect(536);
        ftp.command("PROT E").expect(536);
        ftp.command("PROT X").expect(504);
        ftp.command("PROT").expect(501);
        write("ten", TEN);
        FtpDriver protectedData = login();
        protectedData.command("PROT S").expect(536);
        protectedData.command("PROT E").expect(536);
        assertArrayEquals(TEN, protectedData.fetch("RETR ten"), "through TLS, as before the refusals");
    }

    @Test
    @DisplayName("A-TLS-11 PBSZ and PROT are taken before USER and after PASS")
    void protectionOrder() throws Exception {
        write("ten", TEN);
        FtpDriver before = secured();
        before.protectData().logIn(account);
        assertEquals(10, before.fetch("RETR ten").length);
        FtpDriver after = secured();
        after.logIn(account).protectData();
        assertEquals(10, after.fetch("RETR ten").length);
    }

    @Test
    @DisplayName("A-TLS-12 A-TLS-13 a transfer without PROT P is refused before 150, PASV is not")
    void unprotectedTransfer() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = secured();
        ftp.logIn(account);
        for (String command : List.of("LIST", "NLST", "MLSD", "RETR ten", "STOR x", "APPE x", "STOU")) {
            ftp.command("PASV").expect(227);
            assertEquals(522, ftp.command(command).code(), command);
        }
        assertFalse(Files.exists(file("x")));
    }

    @ParameterizedTest(name = "A-TLS-14 an upload ends well only with close_notify: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void uploadEnds(String version) throws Exception {
        FtpDriver ftp = login(version);
        byte[] bytes = bytes(200_000);
        ftp.store("STOR good", bytes).expect(226);
        assertEquals(200_000, Files.size(file("good")));

        DataChannel fin = ftp.transfer("STOR fin").send(bytes);
        fin.cut();
        ftp.reply().expect(426);
        DataChannel reset = ftp.transfer("STOR rst").send(bytes);
        reset.reset();
        ftp.reply().expect(426);
        DataChannel middle = ftp.transfer("STOR mid").send(bytes);
        middle.socket().getOutputStream().write(new byte[] {0x17, 3, 3, 0x40, 0, 1, 2, 3, 4, 5});
        middle.cut();
        ftp.reply().expect(426);
        for (String name : List.of("fin", "rst", "mid")) {
            assertFalse(Files.exists(file(name)), "the file is not there under its name");
        }
        Await.until("the truncated upload is in the log with its bytes", () -> server.jsonLog()
                .lines()
                .anyMatch(line -> line.contains("\"path\":\"/fin\"")
                        && line.contains("truncated")
                        && line.contains("\"bytes\":200000")));
        ftp.command("NOOP").expect(200);
    }

    @ParameterizedTest(name = "A-TLS-14 the server answers close_notify with close_notify: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void answersCloseNotify(String version) throws Exception {
        FtpDriver ftp = login(version);
        DataChannel data = ftp.transfer("STOR f").send(TEN);
        data.tls().shutdownOutput();
        assertEquals(0, data.readAll().length);
        assertEndsWithCloseNotify(data.records(), version);
        ftp.reply().expect(226);
    }

    @ParameterizedTest(name = "A-TLS-14b an upload is complete when its client closes right after close_notify: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void closesAtOnce(String version) throws Exception {
        FtpDriver ftp = login(version);
        byte[] bytes = bytes(1_000_000);
        for (int i = 0; i < 10; i++) {
            DataChannel data = ftp.transfer("STOR f" + i).send(bytes);
            data.tls().shutdownOutput();
            data.socket().close();
            ftp.reply().expect(226);
            assertEquals(bytes.length, Files.size(file("f" + i)));
        }
    }

    @Test
    @DisplayName("A-TLS-14c a client that never reads its data socket uploads 50 MB: 226 means all of it")
    void neverReads() throws Exception {
        FtpDriver ftp = login("TLSv1.3");
        byte[] chunk = bytes(5_000_000);
        DataChannel data = ftp.transfer("STOR f");
        for (int i = 0; i < 10; i++) {
            data.send(chunk);
        }
        data.tls().shutdownOutput();
        data.socket().close();
        ftp.reply().expect(226);
        assertEquals(50_000_000, Files.size(file("f")));
    }

    @ParameterizedTest(name = "A-TLS-15 a download ends with one close_notify, FIN, then 226: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void downloadEnds(String version) throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login(version);
        DataChannel data = ftp.transfer("RETR ten");
        assertEquals("0123456789", new String(data.readAll(), StandardCharsets.US_ASCII));
        assertEndsWithCloseNotify(data.records(), version);
        assertEquals(-1, data.socket().getInputStream().read(), "FIN follows");
        ftp.reply().expect(226);
    }

    /** An alert is visible in TLS 1.2. In TLS 1.3 it is the only record of 19 bytes (level, description, type, tag). */
    private static void assertEndsWithCloseNotify(byte[] wire, String version) {
        int last = -1;
        int before = -1;
        int position = 0;
        while (position + 5 <= wire.length) {
            before = last;
            last = position;
            position += 5 + ((wire[position + 3] & 0xff) << 8) + (wire[position + 4] & 0xff);
        }
        assertEquals(wire.length, position, "whole records only");
        if (version.equals("TLSv1.2")) {
            assertEquals(0x15, wire[last], "the last record is an alert");
            assertTrue(before < 0 || wire[before] != 0x15, "and the only one");
        } else {
            assertEquals(19, ((wire[last + 3] & 0xff) << 8) + (wire[last + 4] & 0xff), "the last record is an alert");
        }
    }

    @Test
    @DisplayName("A-TLS-20 renegotiation is refused")
    void renegotiation() throws Exception {
        FtpDriver ftp = login("TLSv1.2");
        assertThrows(IOException.class, () -> {
            ftp.tls().startHandshake();
            ftp.command("NOOP").expect(200);
            ftp.command("NOOP").expect(200);
        });
    }

    @Test
    @DisplayName("A-TLS-20 a thousand key updates end the connection")
    void keyUpdates() throws Exception {
        FtpDriver ftp = login("TLSv1.3");
        assertThrows(IOException.class, () -> {
            for (int i = 0; i < 1000; i++) {
                ftp.tls().startHandshake();
            }
            ftp.command("NOOP").expect(200);
        });
        login().command("NOOP").expect(200);
    }

    @Test
    @DisplayName("A-TLS-21 ALPN selects ftp, needs no ALPN, and refuses other protocols")
    void applicationProtocols() throws Exception {
        assertEquals("", secured().tls().getApplicationProtocol());
        for (String[] offered : new String[][] {{"ftp"}, {"x-filezilla-ftp", "ftp"}}) {
            FtpDriver ftp = closing(FtpDriver.secured(server, client().offering(offered)));
            assertEquals("ftp", ftp.tls().getApplicationProtocol());
            ftp.command("NOOP").expect(200);
        }
        FtpDriver http = closing(FtpDriver.open(server, client().offering("h2", "http/1.1")));
        http.reply().expect(220);
        http.command("AUTH TLS").expect(234);
        assertThrows(IOException.class, http::handshake);
    }

    @ParameterizedTest(name = "A-TLS-23 on the implicit port data is protected from the start: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void implicit(String version) throws Exception {
        write("ten", TEN);
        FtpDriver ftp = closing(FtpDriver.openImplicit(server, client(version)));
        ftp.handshake().reply().expect(220);
        ftp.command("AUTH TLS").expect(503);
        ftp.logIn(account);
        assertEquals(1, ftp.listing("NLST").size());
        ftp.protectData();
        assertEquals(1, ftp.listing("NLST").size());
    }

    @Test
    @DisplayName("A-TLS-24 A-TLS-25 A-TLS-26 CCC and REIN are denied")
    void denied() throws Exception {
        plain().command("CCC").expect(533);
        FtpDriver ftp = login();
        ftp.command("CCC").expect(534);
        ftp.command("REIN").expect(502);
        ftp.command("PWD").expect(257);
    }

    @ParameterizedTest(name = "A-TLS-29 a ClientHello may come long before the transfer command: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void earlyHello(String version) throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login(version);
        DataChannel data = ftp.epsv();
        CompletableFuture<byte[]> content = CompletableFuture.supplyAsync(() -> {
            try {
                return ftp.secure(data).readAll();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        TimeUnit.SECONDS.sleep(1);
        assertFalse(content.isDone());
        ftp.command("RETR ten").expect(150);
        assertEquals("0123456789", new String(content.get(20, TimeUnit.SECONDS), StandardCharsets.US_ASCII));
        ftp.reply().expect(226);
    }

    @Test
    @DisplayName("A-TLS-30 in active mode the server connects and is the TLS server still")
    void activeProtected() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        try (ServerSocket listener = ftp.eprt()) {
            ftp.command("RETR ten").expect(150);
            DataChannel data = ftp.secure(DataChannel.accepted(listener.accept()));
            assertEquals("0123456789", new String(data.readAll(), StandardCharsets.US_ASCII));
            ftp.reply().expect(226);
        }
    }

    @Test
    @DisplayName("A-TLS-31 wrong passwords are answered late, and the third one ends the connection")
    void wrongPasswords() throws Exception {
        for (String name : List.of(account.name(), "nobody")) {
            FtpDriver ftp = secured();
            for (int attempt = 1; attempt <= 3; attempt++) {
                ftp.command("USER " + name).expect(331);
                long start = System.nanoTime();
                FtpReply reply = ftp.command("PASS wrong");
                assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(200), "not delayed");
                if (attempt == 3 && reply.code() == 530) {
                    reply = ftp.reply();
                }
                reply.expect(attempt < 3 ? 530 : 421);
            }
            assertTrue(ftp.isClosedByServer());
        }
    }

    @Test
    @DisplayName("A-TLS-32 USER answers the same for known and unknown users, and so does PASS")
    void noEnumeration() throws Exception {
        FtpDriver ftp = secured();
        FtpReply known = ftp.command("USER " + account.name());
        FtpReply wrong = ftp.command("PASS wrong");
        assertEquals(known, ftp.command("USER nobody-at-all"));
        assertEquals(wrong, ftp.command("PASS wrong"));
        assertEquals(331, known.code());
        assertEquals(530, wrong.code());
    }

    @ParameterizedTest(name = "A-TLS-33 a password is taken as it is: {0}")
    @ValueSource(strings = {" leading", "trailing ", "with  spaces", "пароль-☃-é"})
    void exactPasswords(String password) throws Exception {
        assertPassword(password);
    }

    @Test
    @DisplayName("A-TLS-33 a password may have a thousand bytes")
    void longPassword() throws Exception {
        assertPassword("p".repeat(1000));
    }

    private void assertPassword(String password) throws Exception {
        Account own = server.newAccount(password);
        FtpDriver ftp = secured();
        ftp.command("USER " + own.name()).expect(331);
        ftp.command("PASS " + (password.equals(password.trim()) ? password + " " : password.trim()))
                .expect(530);
        ftp.command("USER " + own.name()).expect(331);
        ftp.sendRaw("PASS \r\n").reply().expect(530);
        ftp.logIn(own);
    }

    @Test
    @DisplayName(
            "A-TLS-34 A-SEC-29 USER while logged in takes the identity away, and the next user has nothing of the last")
    void userAgain() throws Exception {
        Account other = server.newAccount();
        Files.createDirectory(file("mine"));
        FtpDriver ftp = login();
        ftp.command("CWD mine").expect(250);
        ftp.command("USER " + other.name()).expect(331);
        ftp.command("PWD").expect(530);
        ftp.command("RETR x").expect(530);
        ftp.command("PASS " + other.password()).expect(230);
        assertTrue(ftp.command("PWD").expect(257).text().startsWith("\"/\" "));
        ftp.command("CWD mine").expect(550);
        ftp.command("RNTO x").expect(503);
    }

    @Test
    @DisplayName("A-TLS-20 a client that speaks only TLS 1.1 gets no session")
    void oldVersions() throws Exception {
        FtpDriver ftp = plain();
        ftp.command("AUTH TLS").expect(234);
        byte[] hello = {
            0x16, 3, 1, 0, 47, 1, 0, 0, 43, 3, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
            21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 0, 0, 4, 0, 0x2f, 0, 0x35, 1, 0
        };
        ftp.sendRaw(hello);
        int first = ftp.readByte();
        assertTrue(first == 0x15 || first == -1, "neither an alert nor the end: " + first);
    }
}
