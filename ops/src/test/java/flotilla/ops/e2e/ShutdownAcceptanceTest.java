package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The end of a server: the effect of SIGTERM on transfers (protocol.md, A-CTL-22), and a start that fails. */
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
    @DisplayName("a server whose port is taken says which one and ends with 1 before it joins, without a trace")
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
            assertTrue(said.contains("(flotilla.listeners.explicit.port)"), said);
            assertFalse(said.contains("members:"), said);
            assertFalse(said.contains("Exception"), said);
        }
    }

    @Test
    @DisplayName("a server without a UTF-8 locale refuses to start and says what to do")
    void noUtf8(@TempDir Path directory) throws Exception {
        Path errors = directory.resolve("stderr");
        ProcessBuilder builder = ServerProcess.builder(
                        List.of("flotilla.data-dir=" + directory.resolve("data")), List.of())
                .redirectError(errors.toFile())
                .redirectOutput(directory.resolve("stdout").toFile());
        builder.environment().put("LC_ALL", "C");
        Process server = builder.start();
        try {
            assertTrue(server.waitFor(60, TimeUnit.SECONDS));
        } finally {
            server.destroyForcibly();
        }
        String said = Files.readString(errors);
        assertEquals(1, server.exitValue(), said);
        assertTrue(said.contains("set LC_ALL=C.UTF-8"), said);
        assertFalse(said.contains("Exception"), said);
    }

    @Test
    @DisplayName("SIGHUP opens renamed logs again, loses no line, and ends nothing")
    void hangup() throws Exception {
        assumeFalse(isHangupIgnored(), "this process and its children ignore SIGHUP, as under nohup");
        try (ServerProcess server = ServerProcess.start()) {
            Account account = server.newAccount();
            Path log = server.nativeLogFile();
            List<Path> rotated = new ArrayList<>();
            try (FtpDriver ftp = FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account)) {
                for (int i = 0; i < 60; i++) {
                    ftp.command("MKD d" + i).expect(257);
                    if (i % 20 == 10) {
                        Path renamed = log.resolveSibling("native.log." + rotated.size());
                        Files.move(log, renamed);
                        rotated.add(renamed);
                        assertEquals(
                                0,
                                new ProcessBuilder("kill", "-HUP", String.valueOf(server.pid()))
                                        .start()
                                        .waitFor());
                        int made = i;
                        Await.until("the log is there again", () -> {
                            ftp.command("CWD d" + made).expect(250);
                            ftp.command("CDUP").expect(250);
                            ftp.command("MKD x" + made).expect(257);
                            ftp.command("RMD x" + made).expect(250);
                            return Files.exists(log);
                        });
                    }
                }
                ftp.command("NOOP").expect(200);
            }
            assertTrue(server.isAlive());
            Await.until("the last line is written", () -> server.nativeLog().contains("\"/d59\""));
            StringBuilder all = new StringBuilder(server.nativeLog());
            for (Path file : rotated) {
                all.append(Files.readString(file));
            }
            for (int i = 0; i < 60; i++) {
                String name = "\"/d" + i + "\"";
                long lines = all.toString()
                        .lines()
                        .filter(line -> line.contains(name))
                        .count();
                assertEquals(1, lines, name);
            }
        }
    }

    /** Bit n-1 of SigIgn stands for signal n (proc(5)), and SIGHUP is 1. */
    private static boolean isHangupIgnored() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0);
        }
    }
}
