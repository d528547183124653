package flotilla.ops.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.FtpReply;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ABOR at any moment. */
class AbortStormTest extends UnderLoad {
    private static final int SESSIONS = 24;
    private static final int ROUNDS = 12;
    private static final int IDLE_ABORTS = 500;
    private static final int BIG = 8 << 20;
    private static final int LATEST_MICROS = 20_000;
    private static final byte[] IAC_IP_IAC = {(byte) 0xff, (byte) 0xf4, (byte) 0xff};
    private static final int DM = 0xf2;

    @Test
    @DisplayName(
            "Transfers aborted at random moments get one final reply and one for ABOR each, and the session goes on")
    void storm() throws Exception {
        Files.write(account.home().resolve("big"), new byte[BIG]);
        inParallel(SESSIONS, (index, own) -> {
            boolean clear = index % 3 == 0;
            FtpDriver ftp = clear ? connect(BAD).logIn(account) : login();
            for (int round = 0; round < ROUNDS; round++) {
                abortOne(ftp, "part-" + index, clear, own);
            }
            ftp.command("QUIT").expect(221);
            return index;
        });
        assertLogsIn();
        try (Stream<java.nio.file.Path> files = Files.list(account.home())) {
            List<String> visible = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("part-"))
                    .toList();
            assertEquals(List.of(), visible);
        }
    }

    private void abortOne(FtpDriver ftp, String name, boolean clear, Random own) throws Exception {
        String command = List.of("RETR big", "STOR " + name, "LIST").get(own.nextInt(3));
        int port = ftp.epsvPort();
        int depth = own.nextInt(4);
        DataChannel data = depth == 0 ? null : closing(DataChannel.connect(port));
        if (depth <= 1) {
            ftp.sendRaw(command + "\r\nABOR\r\n");
        } else {
            ftp.send(command);
            if (depth == 3) {
                ftp.reply().expect(150);
                moveSome(ftp.secure(data), command, own);
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(own.nextInt(LATEST_MICROS)));
            abort(ftp, clear);
        }
        FtpReply reply = ftp.reply();
        (reply.code() == 150 ? ftp.reply() : reply).expect(226, 425, 426, 522);
        ftp.reply().expect(226);
        if (data != null) {
            data.close();
        }
        ftp.command("NOOP").expect(200);
    }

    private static void moveSome(DataChannel data, String command, Random own) throws IOException {
        if (command.startsWith("STOR")) {
            data.send(new byte[own.nextInt(100_000)]);
        } else {
            data.read();
        }
    }

    /**
     * Sends ABOR as clients do: with the Telnet signal, whose last byte is urgent on a clear connection, or without.
     */
    private static void abort(FtpDriver ftp, boolean clear) throws IOException {
        ftp.sendRaw(IAC_IP_IAC);
        if (clear) {
            ftp.sendUrgent(DM);
        } else {
            ftp.sendRaw(new byte[] {(byte) DM});
        }
        ftp.send("ABOR");
    }

    @Test
    @DisplayName("500 ABOR without a transfer get 226 each")
    void idle() throws Exception {
        FtpDriver ftp = login();
        ftp.epsvPort();
        ftp.sendRaw("ABOR\r\n".repeat(IDLE_ABORTS));
        for (int i = 0; i < IDLE_ABORTS; i++) {
            ftp.reply().expect(226);
        }
        assertEquals(0, probe.status().get("leases"));
    }

    @Test
    @DisplayName("500 ABOR during one transfer get 226 each")
    void many() throws Exception {
        FtpDriver ftp = login();
        DataChannel data = closing(ftp.transfer("STOR never"));
        data.send(new byte[1000]);
        ftp.sendRaw("ABOR\r\n".repeat(IDLE_ABORTS));
        ftp.reply().expect(426);
        for (int i = 0; i < IDLE_ABORTS; i++) {
            ftp.reply().expect(226);
        }
        ftp.command("NOOP").expect(200);
    }
}
