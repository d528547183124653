package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.ops.local.LocalAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A full disk, as a small file system in memory (protocol.md, A-XFER-22). */
class StorageAcceptanceTest extends EndToEnd {
    private static final int DISK = 2 << 20;

    @Test
    @DisplayName(
            "A-XFER-22 a full disk ends uploads with 452, keeps nothing of them, takes what still fits, and the operator is told once")
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
            String told = "WARN .*the storage in " + account.home() + " has no room for an upload.* bytes are free.*";
            assertEquals(1, count(told), "one line for five uploads");
            assertEquals(1, full());
            assertEquals(452, overfill(ftp, "STOR new"));
            ftp.command("DELE fits").expect(250);
            ftp.command("DELE old").expect(250);
            eventually(() -> count("INFO .*the storage in " + account.home() + " has room again: .*") == 1);
            assertEquals(0, full());
            assertEquals(1, count(told));
        } finally {
            run("umount", "-l", account.home().toString());
        }
    }

    private static void eventually(BooleanSupplier holds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, "still not so after 60 s");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private long count(String line) {
        return server.errors().lines().filter(text -> text.matches(".*" + line)).count();
    }

    private int full() throws Exception {
        String url =
                Files.readAllLines(LocalAddress.admin(server.dataDirectory())).get(0);
        HttpRequest metrics =
                HttpRequest.newBuilder(URI.create(url + "/metrics")).build();
        return HttpClient.newHttpClient()
                .send(metrics, BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith("flotilla_storage_full "))
                .map(line -> (int) Double.parseDouble(line.split(" ")[1]))
                .findFirst()
                .orElse(-1);
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

    /**
     * Runs a program.
     *
     * @return its message when it fails; empty otherwise
     */
    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0 ? "" : text + " (failed)";
    }
}
