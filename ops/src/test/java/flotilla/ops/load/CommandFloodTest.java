package flotilla.ops.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.FtpReply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Commands that come faster than replies, and replies that nobody reads. */
class CommandFloodTest extends UnderLoad {
    private static final int COMMANDS = 10_000;
    private static final int DIRECTORIES = 10;
    private static final int FILES = 500;
    private static final int SAMPLES = 5;
    private static final int UNREAD_LINES = 20_000_000;
    private static final int LINES_A_WRITE = 2_000;

    /**
     * Limit of the bytes that a session may hold for a client that does not read: less than the chunks in which buffers
     * grow.
     */
    private static final long UNREAD_BYTES = 3 << 20;

    private record Exchange(String command, int code, String text) {}

    @Test
    @DisplayName("10,000 pipelined commands get their 10,000 replies in order, however late they are read")
    void pipelined() throws Exception {
        List<Exchange> exchanges = exchanges();
        StringBuilder all = new StringBuilder();
        exchanges.forEach(exchange -> all.append(exchange.command()).append("\r\n"));
        FtpDriver ftp = login();
        Future<?> writing = start(() -> ftp.sendRaw(all.toString()));
        awaitStandstill(ftp);
        assertLogsIn();
        assertAnswered(exchanges, ftp);
        writing.get(60, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("10,000 pipelined commands, each in a TLS record of its own, do not hold others up")
    void recordEach() throws Exception {
        List<Exchange> exchanges = exchanges();
        FtpDriver ftp = login();
        Future<?> writing = start(() -> {
            for (Exchange exchange : exchanges) {
                ftp.send(exchange.command());
            }
            return null;
        });
        awaitStandstill(ftp);
        assertLogsIn();
        assertAnswered(exchanges, ftp);
        writing.get(60, TimeUnit.SECONDS);
    }

    private List<Exchange> exchanges() throws IOException {
        for (int i = 0; i < DIRECTORIES; i++) {
            Files.createDirectories(account.home().resolve("d" + i));
        }
        List<Exchange> exchanges = new ArrayList<>();
        String directory = "/";
        for (int i = 0; i < COMMANDS; i++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    directory = "/d" + random.nextInt(DIRECTORIES);
                    exchanges.add(new Exchange("CWD " + directory, 250, ""));
                }
                case 1 -> exchanges.add(new Exchange("NOOP", 200, ""));
                case 2 -> exchanges.add(new Exchange("PWD", 257, '"' + directory + '"'));
                default -> exchanges.add(new Exchange("SIZE none" + i, 550, ""));
            }
        }
        return exchanges;
    }

    private static void assertAnswered(List<Exchange> exchanges, FtpDriver ftp) throws IOException {
        for (Exchange exchange : exchanges) {
            FtpReply reply = ftp.reply();
            assertEquals(exchange.code(), reply.code(), () -> exchange + " was answered with " + reply);
            assertTrue(reply.text().startsWith(exchange.text()), () -> exchange + " was answered with " + reply);
        }
        ftp.command("NOOP").expect(200);
    }

    /** Waits until nothing more arrives at a client that does not read. */
    private static void awaitStandstill(FtpDriver ftp) throws Exception {
        InputStream in = ftp.socket().getInputStream();
        int[] seen = {-1};
        int[] same = {0};
        Await.until("a standstill", () -> {
            same[0] = in.available() == seen[0] ? same[0] + 1 : 0;
            seen[0] = in.available();
            return seen[0] > 0 && same[0] > 20;
        });
    }

    @Test
    @DisplayName("A client that pipelines and never reads is not buffered for, and is cut off")
    void neverReads() throws Exception {
        for (int i = 0; i < FILES; i++) {
            Files.createFile(account.home().resolve("file" + i));
        }
        long before = probe.allBytes();
        FtpDriver ftp = login();
        Future<?> flood = start(() -> flood(ftp, "STAT .\r\n"));
        awaitStandstill(ftp);
        assertLogsIn();
        assertHeldBack(flood, before);
        assertCutOff(flood);
    }

    @Test
    @DisplayName("STAT during a transfer, its replies unread, is not buffered for either")
    void neverReadsStatus() throws Exception {
        FtpDriver ftp = login();
        DataChannel data = closing(ftp.transfer("STOR slow"));
        Future<?> drip = start(() -> {
            while (true) {
                data.send(new byte[1]);
                TimeUnit.MILLISECONDS.sleep(200);
            }
        });
        long before = probe.allBytes();
        Future<?> flood = start(() -> flood(ftp, "STAT\r\n"));
        awaitStandstill(ftp);
        assertLogsIn();
        assertHeldBack(flood, before);
        ftp.reset();
        assertCutOff(flood);
        data.reset();
        assertThrows(ExecutionException.class, () -> drip.get(60, TimeUnit.SECONDS));
    }

    private static Void flood(FtpDriver ftp, String line) throws IOException {
        byte[] lines = line.repeat(LINES_A_WRITE).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < UNREAD_LINES; i += LINES_A_WRITE) {
            ftp.sendRaw(lines);
        }
        return null;
    }

    /** Observes the server for a while. */
    private void assertHeldBack(Future<?> flood, long bytesBefore) throws Exception {
        long most = 0;
        for (int i = 0; i < SAMPLES && !flood.isDone(); i++) {
            most = Math.max(most, probe.allBytes() - bytesBefore);
        }
        System.out.println("held for unread replies: " + most + " bytes");
        long held = most;
        assertTrue(held <= UNREAD_BYTES, () -> held + " bytes were held for a client that does not read");
    }

    /** Checks that the server has closed the connection: the flood then fails to write. */
    private static void assertCutOff(Future<?> flood) {
        ExecutionException end = assertThrows(ExecutionException.class, () -> flood.get(20, TimeUnit.SECONDS));
        assertTrue(end.getCause() instanceof IOException, end::toString);
    }
}
