package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data connections (protocol.md, section 8.3). */
class DataAcceptanceTest extends EndToEnd {

    @Test
    @DisplayName("A-DATA-01 PASV tells the address the client dialled and a port of the range")
    void pasv() throws Exception {
        FtpDriver ftp = login();
        FtpReply reply = ftp.command("PASV");
        assertTrue(
                reply.toString().matches("227 Entering Passive Mode \\((\\d{1,3},){5}\\d{1,3}\\)\\.?"),
                reply::toString);
        int port = ftp.pasvPort();
        assertTrue(
                port >= server.firstPassivePort() && port < server.firstPassivePort() + 20, port + " is out of range");
        ftp.command("PASV x").expect(501);
    }

    @Test
    @DisplayName("A-DATA-03 EPSV with and without a family")
    void epsv() throws Exception {
        FtpDriver ftp = login();
        ftp.epsvPort();
        ftp.command("EPSV 1").expect(229);
        ftp.command("EPSV 2").expect(522).containing("(1)");
        ftp.command("EPSV 3").expect(522).containing("(");
        ftp.command("EPSV x").expect(501);
        ftp.command("EPSV ALL").expect(200);
    }

    @Test
    @DisplayName("A-DATA-04 after EPSV ALL nothing but EPSV is taken")
    void epsvAll() throws Exception {
        FtpDriver ftp = login();
        ftp.command("EPSV ALL").expect(200);
        ftp.command("PORT 127,0,0,1,200,10").expect(503);
        ftp.command("EPRT |1|127.0.0.1|51210|").expect(503);
        ftp.command("PASV").expect(503);
        ftp.epsvPort();
    }

    @Test
    @DisplayName(
            "A-DATA-05 A-SEC-11 PORT takes only the client's own address and an unprivileged port, and connects to nobody else")
    void port() throws Exception {
        FtpDriver ftp = login();
        ftp.command("PORT 192,0,2,1,200,10").expect(501);
        ftp.command("PORT 127,0,0,2,200,10").expect(501);
        ftp.command("PORT 0,0,0,0,200,10").expect(501);
        ftp.command("PORT 224,0,0,1,200,10").expect(501);
        ftp.command("PORT 255,255,255,255,200,10").expect(501);
        ftp.command("PORT 127,0,0,1,0,22").expect(504);
        ftp.command("PORT 127,0,0,1,0,0").expect(501);
        ftp.command("PORT 127,0,0,1,200").expect(501);
        ftp.command("PORT 256,0,0,1,200,10").expect(501);
        ftp.command("PORT 127,0,0,1,256,1").expect(501);
        ftp.command("PORT 2130706433,200,10").expect(501);
        ftp.command("PORT").expect(501);
        ftp.command("LIST").expect(425);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getAllByName("127.0.0.2")[0])) {
            listener.setSoTimeout(500);
            ftp.command("PORT 127,0,0,2," + listener.getLocalPort() / 256 + "," + listener.getLocalPort() % 256)
                    .expect(501);
            ftp.command("LIST").expect(425);
            org.junit.jupiter.api.Assertions.assertThrows(java.net.SocketTimeoutException.class, listener::accept);
        }
    }

    @Test
    @DisplayName("A-DATA-06 EPRT takes any delimiter, the control connection's family, and literals only")
    void eprt() throws Exception {
        FtpDriver ftp = login();
        ftp.command("EPRT |1|127.0.0.1|51210|").expect(200);
        ftp.command("EPRT !1!127.0.0.1!51210!").expect(200);
        ftp.command("EPRT |3|127.0.0.1|51210|").expect(522).containing("(1");
        ftp.command("EPRT |2|::1|51210|").expect(522);
        ftp.command("EPRT |1|localhost|51210|").expect(501);
        ftp.command("EPRT |1|127.0.0.1|51210").expect(501);
        ftp.command("EPRT |1|192.0.2.1|51210|").expect(501);
        ftp.command("EPRT |1|127.0.0.1|22|").expect(504);
        ftp.command("EPRT |1|127.0.0.1|65536|").expect(501);
    }

    @Test
    @DisplayName("A-DATA-07 A-SEC-12 a stranger on the passive port is closed at once, and the client is served")
    void stranger() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        int port = ftp.epsvPort();
        try (DataChannel stranger = DataChannel.connect("127.0.0.2", "127.0.0.1", port)) {
            assertTrue(stranger.isClosedByServer());
        }
        try (DataChannel data = DataChannel.connect(port)) {
            ftp.command("RETR ten").expect(150);
            assertEquals(10, ftp.secure(data).readAll().length);
            ftp.reply().expect(226);
        }
    }

    @Test
    @DisplayName("A-DATA-08 a transfer without an endpoint gets 425")
    void noEndpoint() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        for (String command : List.of("RETR ten", "STOR x", "APPE x", "STOU", "LIST", "NLST", "MLSD")) {
            assertEquals(425, ftp.command(command).code(), command);
        }
        ftp.fetch("RETR ten");
        ftp.command("RETR ten").expect(425);
    }

    @Test
    @DisplayName("A-DATA-10 a thousand PASV of one session hold one port")
    void manyPasv() throws Exception {
        FtpDriver ftp = login();
        for (int i = 0; i < 1000; i++) {
            ftp.pasvPort();
        }
        Await.until("all ports but one are given back", () -> server.status().get("leases") == 1);
        ftp.command("ABOR").expect(226);
        Await.until("and the last one", () -> server.status().get("leases") == 0);
    }

    @Test
    @DisplayName("A-DATA-11 only the first connection to a passive port counts")
    void connectsTwice() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        int port = ftp.epsvPort();
        try (DataChannel first = DataChannel.connect(port)) {
            try (DataChannel second = DataChannel.connect(port)) {
                assertTrue(second.isClosedByServer());
            }
            ftp.command("RETR ten").expect(150);
            assertEquals(10, ftp.secure(first).readAll().length);
            ftp.reply().expect(226);
        }
    }

    @Test
    @DisplayName("A-DATA-13 an active connection that is refused gets 425")
    void activeRefused() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        int closed;
        try (ServerSocket listener = new ServerSocket(0)) {
            closed = listener.getLocalPort();
        }
        ftp.command("EPRT |1|127.0.0.1|" + closed + "|").expect(200);
        FtpReply reply = ftp.command("RETR ten");
        if (reply.code() == 150) {
            reply = ftp.reply();
        }
        reply.expect(425);
        assertEquals(10, ftp.fetch("RETR ten").length);
    }

    @Test
    @DisplayName("A-DATA-14 PORT after PASV replaces it")
    void portReplacesPasv() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        int passive = ftp.epsvPort();
        try (ServerSocket listener = ftp.eprt()) {
            try (DataChannel late = DataChannel.connect(passive)) {
                assertTrue(late.isClosedByServer());
            }
            ftp.command("RETR ten").expect(150);
            assertEquals(10, ftp.secure(DataChannel.accepted(listener.accept())).readAll().length);
            ftp.reply().expect(226);
        }
    }

    @Test
    @DisplayName("A-DATA-18 passive ports are not given out in order")
    void randomPorts() throws Exception {
        FtpDriver ftp = login();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ports.add(ftp.epsvPort());
        }
        int rises = 0;
        int steps = 0;
        for (int i = 1; i < ports.size(); i++) {
            rises += ports.get(i) > ports.get(i - 1) ? 1 : 0;
            steps += Math.abs(ports.get(i) - ports.get(i - 1)) == 1 ? 1 : 0;
        }
        assertTrue(new TreeSet<>(ports).size() >= 15, () -> "few different ports: " + ports);
        assertTrue(rises > 50 && rises < 150, () -> "monotone: " + ports);
        assertTrue(steps < 80, () -> "one after the other: " + ports);
    }

    @Test
    @DisplayName("A-DATA-19 ABOR after EPSV gives the port up")
    void aborGivesUp() throws Exception {
        FtpDriver ftp = login();
        int port = ftp.epsvPort();
        ftp.command("ABOR").expect(226);
        try (DataChannel late = DataChannel.connect(port)) {
            assertTrue(late.isClosedByServer());
        }
        ftp.command("LIST").expect(425);
    }

    @Test
    @DisplayName("A-DATA-20 empty files and empty listings are whole transfers")
    void empty() throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            FtpDriver ftp = login(server.newAccount(), version);
            ftp.store("STOR empty", new byte[0]).expect(226);
            assertEquals(0, ftp.fetch("RETR empty").length);
            ftp.command("DELE empty").expect(250);
            for (String listing : List.of("LIST", "MLSD", "NLST")) {
                assertEquals(0, ftp.fetch(listing).length, listing);
            }
        }
    }

    @Test
    @DisplayName("A-DATA-21 a data connection that ends before its ClientHello fails the upload quietly")
    void endsAtOnce() throws Exception {
        FtpDriver ftp = login();
        DataChannel data = ftp.epsv();
        data.cut();
        ftp.command("STOR x").expect(150);
        ftp.reply().expect(522, 426);
        assertFalse(Files.exists(file("x")));
        ftp.command("NOOP").expect(200);
        assertTrue(server.errors().lines().noneMatch(line -> line.contains(" ERROR ")), server::errors);
    }

    @ParameterizedTest(
            name = "A data connection that offers other protocols than FTP gets the alert no_application_protocol: {0}")
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void otherProtocols(String version) throws Exception {
        FtpDriver ftp = login(version);
        try (DataChannel data = ftp.epsv()) {
            ftp.command("STOR x").expect(150);
            IOException refused = assertThrows(
                    IOException.class,
                    () -> data.secure(ftp.client().offering("h2", "http/1.1"), server.explicitPort()));
            assertTrue(String.valueOf(refused.getMessage()).contains("no_application_protocol"), refused::toString);
            ftp.reply().expect(522);
        }
        assertFalse(Files.exists(file("x")));
        try (DataChannel data = ftp.epsv()) {
            ftp.command("STOR x").expect(150);
            data.secure(ftp.client().offering("h2", "ftp"), server.explicitPort())
                    .send(TEN)
                    .finish();
            ftp.reply().expect(226);
        }
        Await.until("the log says what it offered", () -> server.jsonLog()
                .contains("the client offers other protocols than FTP: h2, http/1.1"));
    }

    @Test
    @DisplayName("A clear data connection where TLS is expected gets 522, and nothing of it is stored")
    void clearBytes() throws Exception {
        FtpDriver ftp = login();
        try (DataChannel data = ftp.epsv()) {
            ftp.command("STOR x").expect(150);
            data.send("GET / HTTP/1.1\r\nHost: nowhere\r\n\r\n".repeat(10));
            ftp.reply().expect(522);
        }
        assertFalse(Files.exists(file("x")));
    }

    @Test
    @DisplayName("A data connection may come long before its transfer command")
    void earlyData() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        try (DataChannel data = ftp.epsv()) {
            ftp.command("NOOP").expect(200);
            ftp.command("TYPE I").expect(200);
            ftp.command("RETR ten").expect(150);
            assertEquals("0123456789", new String(ftp.secure(data).readAll(), StandardCharsets.US_ASCII));
            ftp.reply().expect(226);
        }
    }

    @Test
    @DisplayName("A transfer that is refused uses the endpoint up")
    void refusedUsesEndpoint() throws IOException {
        FtpDriver ftp = login();
        int port = ftp.epsvPort();
        ftp.command("RETR missing").expect(550);
        try (DataChannel late = DataChannel.connect(port)) {
            assertTrue(late.isClosedByServer());
        }
        ftp.command("LIST").expect(425);
    }
}
