package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.WithServer;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The switch that makes a server read-only, and the key that does so from the start. */
class ReadOnlyTest extends CurlClient {
    private static final String REASON = "moving to new disks until 18:00";

    @AfterEach
    void off() {
        server.flotilla("read-only", "off");
    }

    private String shown() {
        return Command.run(server, "read-only", "status").out();
    }

    @Test
    @DisplayName("curl cannot upload while the server is read-only and reads why; an upload that runs goes on")
    void maintenance() throws Exception {
        write("f", TEN);
        FtpDriver early = login();
        DataChannel upload = early.transfer("STOR early");
        upload.send(TEN);
        assertTrue(shown().contains("Files can be changed."), shown());
        server.flotilla("read-only", "on", "--reason", REASON);
        assertTrue(shown().startsWith("All nodes are read-only since ") && shown().contains(": " + REASON), shown());
        assertEquals(1, server.status().get("read-only"));

        Files.write(local("sent"), TEN);
        curl("-v", "-T", "sent", explicitUrl("late")).run().containing("< 550 The server is read-only: " + REASON);
        assertFalse(Files.exists(file("late")));
        curl("-v", "-Q", "DELE f", explicitUrl("")).run().containing("< 550 The server is read-only: " + REASON);
        curl("-o", "got", explicitUrl("f")).run().ok();
        assertEquals(10, Files.size(local("got")));

        upload.send(TEN);
        upload.finish();
        early.reply().expect(226);
        assertArrayEquals(
                "01234567890123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                Files.readAllBytes(file("early")));

        server.flotilla("read-only", "off");
        assertEquals(0, server.status().get("read-only"));
        curl("-T", "sent", explicitUrl("late")).run().ok();
        String audit = Files.readString(server.dataDirectory().resolve("audit.json"));
        Await.until(
                "both records", () -> Files.readString(server.dataDirectory().resolve("audit.json"))
                        .contains("read-only off"));
        assertTrue(audit.contains("\"action\":\"read-only on\",\"target\":\"" + REASON + "\""), audit);
    }

    @Test
    @DisplayName("a reason that is no short line is refused")
    void reasons() {
        assertEquals(
                1,
                Command.run(server, "read-only", "on", "--reason", "x".repeat(201))
                        .exit());
        assertEquals(
                1, Command.run(server, "read-only", "on", "--reason", "a\nb").exit());
        assertTrue(shown().contains("Files can be changed."), shown());
        assertEquals(0, Command.run(server, "read-only", "off").exit());
    }

    /** A server that is read-only by its configuration. */
    @Nested
    @WithServer("flotilla.storage.read-only=true")
    class Configured extends CurlClient {
        @Test
        @DisplayName("storage.read-only refuses changes from the start")
        void configured() throws Exception {
            write("f", TEN);
            curl("-v", "-Q", "MKD d", explicitUrl("")).run().containing("< 550 The server is read-only.");
            curl("-o", "got", explicitUrl("f")).run().ok();
            assertTrue(Command.run(server, "read-only", "status").out().contains("storage.read-only"));
        }
    }
}
