package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** protocol.md, A-XFER-22: a disk that is full, as a small file system in memory. */
@WithServer
class StorageAcceptanceTest extends EndToEnd {
    private static final int DISK = 2 << 20;

    @Test
    @DisplayName("A-XFER-22 a full disk ends uploads with 452, keeps nothing of them, and takes what still fits")
    void diskFull() throws Exception {
        String mounted = run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=" + DISK + ",mode=0700",
                "none",
                account.home().toString());
        assumeTrue(mounted.isEmpty(), "only root can mount a small file system: " + mounted);
        try {
            write("old", bytes(100_000));
            FtpDriver ftp = login();
            for (String command : new String[] {"STOR new", "STOR new", "APPE new", "STOU"}) {
                assertEquals(452, overfill(ftp, command), command);
            }
            assertEquals(452, overfill(ftp, "APPE old"));
            assertEquals(100_000, Files.size(file("old")));
            assertFalse(Files.exists(file("new")));
            ftp.store("STOR fits", bytes(1_000_000)).expect(226);
            assertEquals(1_000_000, ftp.fetch("RETR fits").length);
            long free = Long.parseLong(ftp.command("AVBL").expect(213).text());
            assertEquals(DISK - 1_000_000 - 100_000, free, 64 * 1024);
        } finally {
            run("umount", "-l", account.home().toString());
        }
    }

    private static int overfill(FtpDriver ftp, String command) throws IOException {
        DataChannel data = ftp.transfer(command);
        try {
            data.send(bytes(2 * DISK)).finish();
        } catch (IOException closedByServer) {
            data.close();
        }
        return ftp.reply().code();
    }

    /** Runs a program; what it says when it fails, or nothing. */
    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0 ? "" : text + " (failed)";
    }
}
