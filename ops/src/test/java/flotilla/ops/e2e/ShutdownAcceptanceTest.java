package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a server ends: protocol.md, A-CTL-22, what SIGTERM does to transfers; and a start that fails. */
@Timeout(120)
class ShutdownAcceptanceTest {
    private static final byte[] PART = new byte[100_000];

    @Test
    @DisplayName(
            "A-CTL-22 a running upload and download end with 226 before their sessions are told 421; idle ones are told at once")
    void transfersFinish() throws Exception {
        try (ServerProcess server = ServerProcess.start("flotilla.drain.transfers=60s")) {
            Account account = server.newAccount();
            byte[] big = new byte[20_000_000];
            Files.write(account.home().resolve("big"), big);
            ClientTls client = ClientTls.trusting(server.certificate());
            try (FtpDriver idle = FtpDriver.loggedIn(server, client, account);
                    FtpDriver sending = FtpDriver.loggedIn(server, client, account);
                    FtpDriver receiving = FtpDriver.loggedIn(server, client, account)) {
                DataChannel upload = sending.transfer("STOR up").send(PART);
                DataChannel download = receiving.transfer("RETR big");
                download.read();
                server.terminate();
                idle.reply().expect(421);
                assertTrue(idle.isClosedByServer());
                assertThrows(IOException.class, () -> {
                    try (FtpDriver late = FtpDriver.open(server, client)) {
                        late.reply().expect(220);
                    }
                });
                upload.send(PART).finish();
                sending.reply().expect(226);
                sending.reply().expect(421);
                assertTrue(sending.isClosedByServer());
                assertEquals(big.length - 1, download.readAll().length);
                receiving.reply().expect(226);
                receiving.reply().expect(421);
                assertTrue(receiving.isClosedByServer());
            }
            Await.until("the process ends", () -> !server.isAlive());
            assertArrayEquals(
                    new byte[2 * PART.length], Files.readAllBytes(account.home().resolve("up")));
            assertEquals(143, server.stop());
        }
    }

    @Test
    @DisplayName(
            "A-CTL-22 a transfer that takes longer than the grace is given up: no half-written reply, no half file")
    void graceEnds() throws Exception {
        try (ServerProcess server = ServerProcess.start("flotilla.drain.transfers=1s")) {
            Account account = server.newAccount();
            try (FtpDriver ftp = FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account)) {
                ftp.transfer("STOR up").send(PART);
                server.terminate();
                String last = ftp.rest();
                assertTrue(last.matches("(426 [^\r\n]*\r\n)?(421 [^\r\n]*\r\n)?"), last);
            }
            Await.until("the process ends", () -> !server.isAlive());
            Path file = account.home().resolve("up");
            assertFalse(Files.exists(file));
        }
    }

    @Test
    @DisplayName("a server whose port is taken says which one and ends with 1, without a trace")
    void portTaken(@TempDir Path directory) throws Exception {
        try (ServerProcess first = ServerProcess.start()) {
            List<String> settings = new ArrayList<>(first.settings());
            settings.add("flotilla.data-dir=" + directory.resolve("data"));
            Path errors = directory.resolve("stderr");
            Process second = ServerProcess.builder(settings, List.of())
                    .redirectError(errors.toFile())
                    .redirectOutput(directory.resolve("stdout").toFile())
                    .start();
            try {
                assertTrue(second.waitFor(60, TimeUnit.SECONDS));
            } finally {
                second.destroyForcibly();
            }
            String said = Files.readString(errors);
            assertEquals(1, second.exitValue(), said);
            assertTrue(said.contains("flotilla: cannot listen on 127.0.0.1:"), said);
            assertFalse(said.contains("Exception"), said);
        }
    }
}
