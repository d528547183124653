package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Freezes on a server whose time limits are shorter than the freezes. */
@Timeout(120)
class FreezeTest {
    private static final int SIZE = 32 << 20;
    private static ServerProcess server;
    private static Api api;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(
                "flotilla.limits.stall-timeout=2s",
                "flotilla.limits.idle-timeout=3s",
                "flotilla.view.longest-freeze=2h");
        api = Api.local(server);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static FtpDriver login(Account account) throws IOException {
        return FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account);
    }

    private static JsonNode session(Account account) throws IOException, InterruptedException {
        return api.get("sessions?user=" + account.name())
                .json()
                .path("sessions")
                .path(0);
    }

    /** Waits until the session has been in one transfer for longer than all time limits; its bytes must stay the same. */
    private static void outlastsTheLimits(Account account) throws Exception {
        Await.until("bytes that stand", () -> {
            long before = session(account).path("transfer").path("bytes").asLong();
            long seconds = session(account).path("transfer").path("seconds").asLong();
            Await.until(
                    "the next second",
                    () -> session(account).path("transfer").path("seconds").asLong() > seconds);
            return session(account).path("transfer").path("bytes").asLong() == before;
        });
        long stands = session(account).path("transfer").path("bytes").asLong();
        Await.until(
                "longer than the limits",
                Duration.ofSeconds(30),
                () -> session(account).path("transfer").path("seconds").asLong() >= 7);
        assertEquals(stands, session(account).path("transfer").path("bytes").asLong());
    }

    private static void finish(DataChannel data) {
        try {
            data.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("a frozen download stands, no time limit ends it, and it goes on where it stood")
    void download() throws Exception {
        Account account = server.newAccount();
        byte[] content = new byte[SIZE];
        new Random(1).nextBytes(content);
        Files.write(account.home().resolve("big"), content);
        try (FtpDriver ftp = login(account)) {
            DataChannel data = ftp.transfer("RETR big");
            String id = session(account).path("short").asText();
            Command.Result frozen = Command.run(server, "freeze", id, "--for", "30m", "--reason", "who is this");
            assertEquals(0, frozen.exit(), frozen.err());
            assertTrue(Command.run(server, "freeze").out().contains("who is this"));
            assertTrue(Files.readString(server.dataDirectory().resolve("audit.json"))
                    .contains("\"reason\":\"who is this\""));
            assertEquals(
                    "who is this",
                    session(account).path("frozen").path("reason").asText());
            outlastsTheLimits(account);
            assertEquals(0, Command.run(server, "thaw", id).exit());
            assertArrayEquals(content, data.readAll());
            ftp.reply().expect(226);
        }
        assertEquals(0, api.get("freezes").json().path("freezes").size());
    }

    @Test
    @DisplayName(
            "an upload of a frozen user stands, changes of files wait, also in sessions that come later; then all is done")
    void uploadAndCommands() throws Exception {
        Account account = server.newAccount();
        byte[] content = new byte[64 << 10];
        new Random(2).nextBytes(content);
        Files.writeString(account.home().resolve("old"), "old");
        try (FtpDriver ftp = login(account)) {
            DataChannel data = ftp.transfer("STOR new");
            data.send(content);
            assertEquals(
                    200,
                    api.put("freezes/user/" + account.name(), "{\"for\":\"PT1H\"}")
                            .status());
            data.send(content);
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> finish(data));
            outlastsTheLimits(account);
            try (FtpDriver later = login(account)) {
                later.command("PWD").expect(257);
                later.send("DELE old");
                long seconds = session(account).path("transfer").path("seconds").asLong();
                Await.until(
                        "time to obey",
                        () -> session(account).path("transfer").path("seconds").asLong() > seconds + 1);
                assertTrue(Files.exists(account.home().resolve("old")));
                assertEquals(200, api.delete("freezes/user/" + account.name()).status());
                later.reply().expect(250);
            }
            sent.join();
            ftp.reply().expect(226);
        }
        assertEquals(2 * content.length, Files.size(account.home().resolve("new")));
    }

    @Test
    @DisplayName("a frozen idle session outlives the idle limit, and a frozen transfer can be kicked")
    void idleAndKick() throws Exception {
        Account account = server.newAccount();
        Files.write(account.home().resolve("big"), new byte[SIZE]);
        assertEquals(200, api.put("freezes/address/127.0.0.0%2F8", "").status());
        try (FtpDriver idle = login(account)) {
            Await.until(
                    "longer than the idle limit",
                    Duration.ofSeconds(30),
                    () -> session(account).path("idleSeconds").asLong() >= 6);
            idle.command("NOOP").expect(200);
            idle.transfer("RETR big");
            String id = session(account).path("id").asText();
            assertEquals(200, api.post("sessions/" + id + "/kick", "").status());
            assertTrue(idle.rest().contains("421 "));
            Await.until("no session", () -> session(account).isMissingNode());
        } finally {
            assertEquals(200, api.delete("freezes/address/127.0.0.0%2F8").status());
        }
    }

    @Test
    @DisplayName("a freeze has an end within its bound; a session that is not there is not frozen")
    void bounds() throws Exception {
        assertEquals(400, api.put("freezes/user/nobody", "{\"for\":\"PT3H\"}").status());
        assertEquals(404, api.put("freezes/session/abcdefghij", "").status());
        assertEquals(404, api.delete("freezes/user/nobody").status());
        assertEquals(400, api.put("freezes/moon/nobody", "").status());
    }
}
