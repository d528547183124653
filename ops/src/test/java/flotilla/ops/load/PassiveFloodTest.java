package flotilla.ops.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Very many requests for passive ports, and useless data connections. */
class PassiveFloodTest extends UnderLoad {
    private static final int PORTS = 20;
    private static final int REQUESTS = 5_000;
    private static final int SESSIONS = 50;
    private static final int REQUESTS_EACH = 100;
    private static final int STRANGERS = 500;
    private static final int USELESS = 15;
    private static final int BIG = 16 << 20;

    @Test
    @DisplayName("5,000 PASV of one session hold one lease, and none when it is gone")
    void oneSession() throws Exception {
        FtpDriver ftp = login();
        Future<?> asking = start(() -> ftp.sendRaw("PASV\r\nEPSV\r\n".repeat(REQUESTS / 2)));
        assertLogsIn().epsvPort();
        for (int i = 0; i < REQUESTS; i++) {
            ftp.reply().expect(i % 2 == 0 ? 227 : 229);
        }
        asking.get(60, TimeUnit.SECONDS);
        assertEquals(2, probe.status().get("leases"));
        ftp.command("QUIT").expect(221);
        Await.until("its lease is given back", () -> probe.status().get("leases") == 1);
    }

    @Test
    @DisplayName("50 sessions asking 100 times each get a port or 425, and another address gets ports all the time")
    void manySessions() throws Exception {
        FtpDriver other = assertLogsIn();
        List<FtpDriver> sessions = inParallel(SESSIONS, (index, own) -> login());
        Future<List<Integer>> flood = start(() -> inParallelOf(sessions));
        int served = 0;
        while (!flood.isDone()) {
            other.epsvPort();
            served++;
        }
        assertTrue(served > 0);
        assertEquals(
                SESSIONS * REQUESTS_EACH, flood.get().stream().mapToInt(i -> i).sum());
        assertEquals(PORTS + 1, probe.status().get("leases"));
        assertLogsIn().epsvPort();
    }

    private List<Integer> inParallelOf(List<FtpDriver> sessions) throws Exception {
        return inParallel(sessions.size(), (index, own) -> {
            FtpDriver ftp = sessions.get(index);
            ftp.sendRaw("EPSV\r\n".repeat(REQUESTS_EACH));
            int answered = 0;
            for (int i = 0; i < REQUESTS_EACH; i++) {
                ftp.reply().expect(229, 425);
                answered++;
            }
            return answered;
        });
    }

    @Test
    @DisplayName("A port that is leased anew while a connection to it is on its way is given back")
    void connectedAndAskedAgain() throws Exception {
        inParallel(8, (index, own) -> {
            FtpDriver ftp = login();
            for (int i = 0; i < 30; i++) {
                ftp.sendRaw("EPSV\r\n".repeat(4));
                int port = 0;
                for (int reply = 0; reply < 4; reply++) {
                    String text = ftp.reply().expect(229, 425).text();
                    port = text.contains("|||") ? Integer.parseInt(text.replaceAll("\\D", "")) : port;
                    if (port > 0) {
                        DataChannel.connect(port).close();
                    }
                }
            }
            ftp.command("QUIT").expect(221);
            return index;
        });
        Await.until("no lease is left", () -> probe.status().get("leases") == 0);
    }

    @Test
    @DisplayName("500 strangers are turned away from passive ports, and transfers go on")
    void strangers() throws Exception {
        FtpDriver ftp = login();
        Crowd strangers = crowd();
        for (int port = 0; port < PORTS; port++) {
            strangers.connect(STRANGERS / PORTS, "127.0.0.3", server.firstPassivePort() + port);
        }
        byte[] content = new byte[1 << 20];
        random.nextBytes(content);
        ftp.store("STOR between", content).expect(226);
        assertLogsIn();
        strangers.await(
                "turned away", member -> member.ended() && member.received().isEmpty());
        assertArrayEquals(content, ftp.fetch("RETR between"));
    }

    @Test
    @DisplayName("Data connections that do not read get 426, those that never shake hands 522, idle ones just end")
    void useless() throws Exception {
        Files.write(account.home().resolve("big"), new byte[BIG]);
        Future<List<Integer>> codes = start(() -> inParallel(USELESS, (index, own) -> useless(index)));
        for (int i = 0; i < 5; i++) {
            assertLogsIn();
        }
        for (int i = 0; i < USELESS; i++) {
            assertEquals(
                    List.of(426, 522, 221).get(i % 3),
                    codes.get(60, TimeUnit.SECONDS).get(i));
        }
    }

    private int useless(int index) throws Exception {
        int kind = index % 3;
        FtpDriver ftp = login();
        if (kind == 0) {
            DataChannel data = closing(ftp.transfer("RETR big"));
            assertEquals(0, data.read());
            return ftp.reply().code();
        }
        DataChannel data = closing(ftp.epsv());
        if (kind == 1) {
            ftp.command("STOR silent" + index).expect(150);
            return ftp.reply().code();
        }
        ftp.secure(data);
        int code = ftp.command("QUIT").code();
        assertTrue(data.isClosedByServer());
        return code;
    }
}
