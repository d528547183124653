package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Control and data connections over IPv6, on a server that listens on both families (protocol.md, section 8). */
@WithServer({
    "flotilla.listeners.bind=127.0.0.1,::1",
    "flotilla.active.enabled=true",
    "flotilla.proxy-protocol=accept",
    "flotilla.proxy-trusted=127.0.0.1/32",
    "flotilla.proxy-timeout=1s"
})
class Ipv6AcceptanceTest extends EndToEnd {
    private static final String LOOPBACK = "::1";

    @BeforeAll
    static void needsIpv6() {
        boolean there = true;
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), 0));
        } catch (IOException none) {
            there = false;
        }
        assumeTrue(there, "this machine has no IPv6 loopback");
    }

    private FtpDriver login6() throws IOException {
        return closing(FtpDriver.openAt(LOOPBACK, server, client())).begin(account);
    }

    @Test
    @DisplayName("A-DATA-02 PASV over IPv6 is 502 and says what to use")
    void pasv() throws Exception {
        login6().command("PASV").expect(502).containing("EPSV");
    }

    @Test
    @DisplayName("A-DATA-03 EPSV over IPv6 knows family 2 and names it for the others")
    void families() throws Exception {
        FtpDriver ftp = login6();
        ftp.epsvPort();
        ftp.command("EPSV 2").expect(229);
        assertEquals(
                "Network protocol not supported, use (2)",
                ftp.command("EPSV 1").expect(522).text());
        ftp.command("EPSV 3").expect(522).containing("(2)");
        ftp.command("EPSV ALL").expect(200);
        ftp.command("EPRT |2|::1|40000|").expect(503);
        ftp.command("EPSV").expect(229);
    }

    @Test
    @DisplayName("A-XFER-01 A-XFER-02 files go up and down and listings come over IPv6")
    void transfers() throws Exception {
        byte[] bytes = bytes(1_000_000);
        FtpDriver ftp = login6();
        ftp.store("STOR f", bytes).expect(226);
        assertArrayEquals(bytes, ftp.fetch("RETR f"));
        assertEquals(1, ftp.listing("MLSD").size());
        assertArrayEquals(bytes, Files.readAllBytes(file("f")));
    }

    @Test
    @DisplayName("A-DATA-06 EPRT with the client's own IPv6 address is connected to")
    void active() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login6();
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), 0));
            listener.setSoTimeout(30_000);
            ftp.command("EPRT |2|0:0:0:0:0:0:0:1|" + listener.getLocalPort() + "|")
                    .expect(200);
            ftp.command("RETR ten").expect(150);
            try (DataChannel data = ftp.secure(DataChannel.accepted(listener.accept()))) {
                assertArrayEquals(TEN, data.readAll());
            }
            ftp.reply().expect(226);
        }
    }

    @Test
    @DisplayName("A-DATA-05 A-DATA-06 A-SEC-11 nobody but the client's own address is connected to over IPv6")
    void bounce() throws Exception {
        FtpDriver ftp = login6();
        for (String address :
                List.of("2001:db8::1", "::ffff:127.0.0.1", "::", "fe80::1", "ff02::1", "::1%lo", "localhost")) {
            assertEquals(501, ftp.command("EPRT |2|" + address + "|40000|").code(), address);
        }
        ftp.command("EPRT |2|::1|22|").expect(504);
        ftp.command("EPRT |2|::1|0|").expect(501);
        ftp.command("EPRT |1|127.0.0.1|40000|").expect(522).containing("(2)");
        ftp.command("PORT 127,0,0,1,156,64").expect(501);
    }

    @Test
    @DisplayName(
            "A-DATA-07 a connection from another address, of the other family too, gets nothing of an IPv6 session")
    void foreignPeer() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login6();
        int port = ftp.epsvPort();
        try (DataChannel stranger = DataChannel.connect("127.0.0.1", "127.0.0.1", port)) {
            assertTrue(stranger.isClosedByServer());
        }
        DataChannel data = closing(DataChannel.connect(LOOPBACK, LOOPBACK, port));
        ftp.command("RETR ten").expect(150);
        assertArrayEquals(TEN, ftp.secure(data).readAll());
        ftp.reply().expect(226);
    }

    @Test
    @DisplayName(
            "A-DATA-16 an IPv4 client told as an IPv4-mapped address gets PASV, and its data connection is its own")
    void mapped() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = closing(FtpDriver.open(server, client()));
        ftp.sendRaw("PROXY TCP6 ::ffff:127.0.0.1 ::ffff:127.0.0.1 40000 21\r\n");
        ftp.begin(account);
        ftp.command("EPSV 1").expect(229);
        DataChannel data = closing(DataChannel.connect(ftp.pasvPort()));
        ftp.command("RETR ten").expect(150);
        assertArrayEquals(TEN, ftp.secure(data).readAll());
        ftp.reply().expect(226);
    }

    @Test
    @DisplayName("A-DATA-02 PASV is 502 for an IPv4 client whose balancer dialled IPv6: there is no address to tell")
    void mixed() throws Exception {
        FtpDriver ftp = closing(FtpDriver.open(server, client()));
        ftp.sendRaw("PROXY TCP6 ::ffff:192.0.2.7 2001:db8::1 40000 21\r\n");
        ftp.begin(account);
        ftp.command("PASV").expect(502);
        ftp.command("EPSV").expect(229);
    }
}
