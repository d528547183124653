package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The PROXY protocol (protocol.md, A-SEC-34). */
class ProxyAcceptanceTest {

    /** Connects without reading. The test reads the answer. */
    private static FtpDriver open(EndToEnd test) throws Exception {
        return test.closing(FtpDriver.open(test.server, test.client()));
    }

    @Nested
    @WithServer({"flotilla.proxy-protocol=require", "flotilla.proxy-trusted=127.0.0.1/32", "flotilla.proxy-timeout=1s"})
    class Required extends EndToEnd {
        private static final String HEADER = "PROXY TCP4 203.0.113.7 127.0.0.1 40000 21\r\n";

        @Test
        @DisplayName(
                "A-SEC-34 a trusted header of version 1 tells the client's address, on control and data connections")
        void versionOne() throws Exception {
            FtpDriver ftp = open(this);
            ftp.sendRaw(HEADER).reply().expect(220);
            ftp.command("AUTH TLS").expect(234);
            ftp.handshake().logIn(account).protectData();
            ftp.command("STAT").expect(211).containing("203.0.113.7");
            write("ten", TEN);
            ftp.command("TYPE I").expect(200);
            DataChannel data = ftp.epsv();
            data.send(HEADER);
            ftp.command("RETR ten").expect(150);
            assertEquals(10, ftp.secure(data).readAll().length);
            ftp.reply().expect(226);
        }

        @Test
        @DisplayName("A-SEC-34 a trusted header of version 2 tells the client's address")
        void versionTwo() throws Exception {
            ByteArrayOutputStream header = new ByteArrayOutputStream();
            header.writeBytes(new byte[] {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10, 0x21, 0x11, 0, 12});
            header.writeBytes(new byte[] {(byte) 203, 0, 113, 9, 127, 0, 0, 1, (byte) 0x9c, 0x40, 0, 21});
            FtpDriver ftp = open(this);
            ftp.sendRaw(header.toByteArray()).reply().expect(220);
            ftp.command("STAT").expect(211).containing("203.0.113.9");
        }

        @Test
        @DisplayName("A-SEC-34 a ClientHello that comes in one segment with the header is heard on the implicit port")
        void headerAndHelloTogether() throws Exception {
            try (ServerSocket balancer = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                    Socket plain = new Socket(balancer.getInetAddress(), balancer.getLocalPort());
                    Socket accepted = balancer.accept();
                    Socket onward = new Socket(InetAddress.getLoopbackAddress(), server.implicitPort())) {
                CompletableFuture<Void> there = CompletableFuture.runAsync(() -> forward(HEADER, accepted, onward));
                CompletableFuture<Void> back = CompletableFuture.runAsync(() -> forward("", onward, accepted));
                try (Socket tls = client().handshake(plain, server.implicitPort())) {
                    assertEquals("220", new String(tls.getInputStream().readNBytes(3), StandardCharsets.US_ASCII));
                }
                there.join();
                onward.shutdownInput();
                back.join();
            }
        }

        /** Forwards bytes until the end, the first of them together with a header. */
        private static void forward(String header, Socket from, Socket to) {
            byte[] buffer = new byte[65_536];
            byte[] first = header.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(first, 0, buffer, 0, first.length);
            try {
                int start = first.length;
                for (int read;
                        (read = from.getInputStream().read(buffer, start, buffer.length - start)) >= 0;
                        start = 0) {
                    to.getOutputStream().write(buffer, 0, start + read);
                }
            } catch (IOException closed) {
                // One end has closed, as at the end of every connection.
                return;
            }
        }

        @Test
        @DisplayName("A-SEC-34 silence, a truncated header and a wrong one end the connection")
        void noHeader() throws Exception {
            assertTrue(open(this).isClosedByServer());
            FtpDriver truncated = open(this);
            truncated.sendRaw(new byte[] {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10, 0x21, 0x11, 0, 12, 1, 2});
            assertTrue(truncated.isClosedByServer());
            FtpDriver wrong = open(this);
            wrong.sendRaw("NOOP\r\n".repeat(20));
            assertTrue(wrong.isClosedByServer());
            FtpDriver overlong = open(this);
            overlong.sendRaw("PROXY TCP4 " + "1".repeat(200) + "\r\n");
            assertTrue(overlong.isClosedByServer());
            FtpDriver datagrams = open(this);
            datagrams.sendRaw(
                    HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "2112000c" + "cb0071077f0000019c400015"));
            assertTrue(datagrams.isClosedByServer());
        }

        @Test
        @DisplayName(
                "A-SEC-34 a data connection that says nothing, or no header, is closed and told apart from a probe")
        void noHeaderOnDataConnections() throws Exception {
            try (DataChannel silent = DataChannel.connect(server.firstPassivePort());
                    DataChannel wrong = DataChannel.connect(server.firstPassivePort())) {
                wrong.send("GET / HTTP/1.1\r\n\r\n".repeat(10));
                DataChannel.connect(server.firstPassivePort()).close();
                Await.until("both", () -> strays(server, "no-proxy-header") == 2);
                assertEquals(-1, silent.socket().getInputStream().read());
            }
            assertEquals(2, strays(server, ""));
        }
    }

    private static long strays(ServerProcess server, String reason) {
        return server.jsonLog()
                .lines()
                .filter(line -> line.contains("StrayDataConnection") && line.contains(reason))
                .count();
    }

    @Nested
    @WithServer({"flotilla.proxy-protocol=require", "flotilla.proxy-trusted=192.0.2.0/24", "flotilla.proxy-timeout=1s"})
    class Untrusted extends EndToEnd {

        @Test
        @DisplayName("A-SEC-34 a header from an untrusted address is not believed")
        void untrusted() throws Exception {
            FtpDriver ftp = open(this);
            ftp.sendRaw("PROXY TCP4 203.0.113.7 127.0.0.1 40000 21\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(ftp.isClosedByServer());
        }

        @Test
        @DisplayName("A-SEC-34 a data connection past the balancer is counted as such")
        void untrustedDataConnection() throws Exception {
            try (DataChannel data = DataChannel.connect(server.firstPassivePort())) {
                Await.until("the stranger", () -> strays(server, "untrusted-proxy") == 1);
                assertEquals(-1, data.socket().getInputStream().read());
            }
        }
    }
}
