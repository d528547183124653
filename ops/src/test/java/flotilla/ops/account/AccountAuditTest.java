package flotilla.ops.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.local.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The audit log shows the author and the content of each change of an account. */
@Timeout(120)
class AccountAuditTest {
    private static final String SECRET = "Very-S3cret";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    /** Returns each record as {@code action target changed result}. */
    private static List<String> records(Path dataDir) throws IOException {
        List<String> records = new ArrayList<>();
        Path file = dataDir.resolve("audit.json");
        // A renamed log is created again with its next line.
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            JsonNode json = JsonMapper.builder().build().readTree(line);
            assertTrue(Instant.parse(json.path("time").asText())
                    .isBefore(Instant.now().plusSeconds(1)));
            assertEquals(Caller.here(), json.path("who").asText());
            assertEquals("local", json.path("from").asText());
            records.add(json.path("action").asText()
                    + ' '
                    + json.path("target").asText()
                    + ' '
                    + json.path("changed")
                    + ' '
                    + json.path("result").asText());
            assertFalse(line.contains(SECRET) || line.contains("argon2"), line);
        }
        return records;
    }

    private static void change(Path dataDir) {
        assertEquals(
                0,
                Command.withInput(SECRET + "\n", dataDir, "user", "add", "alice", "--password-stdin")
                        .exit());
        assertEquals(
                0,
                Command.run(dataDir, "user", "set", "alice", "--home", "elsewhere", "--read-only")
                        .exit());
        assertEquals(
                0,
                Command.withInput(SECRET + "2\n", dataDir, "user", "passwd", "alice", "--password-stdin")
                        .exit());
        assertEquals(0, Command.run(dataDir, "user", "disable", "alice").exit());
        assertEquals(0, Command.run(dataDir, "user", "remove", "alice").exit());
        assertEquals(1, Command.run(dataDir, "user", "remove", "alice").exit());
    }

    private static final List<String> CHANGES = List.of(
            "user-add alice  ok",
            "user-set alice [\"home\",\"readOnly\"] ok",
            "user-set alice [\"password\"] ok",
            "user-set alice [\"enabled\"] ok",
            "user-remove alice  ok");

    @Test
    @DisplayName(
            "changes that a running server makes for the command line are in its audit log, with the admin API off, too")
    void running() throws Exception {
        try (ServerProcess server = ServerProcess.start("flotilla.admin.enabled=false")) {
            Path dataDir = server.dataDirectory();
            change(dataDir);
            assertEquals(0, Command.run(server, "trace", "bob").exit());
            assertEquals(0, Command.run(server, "reload").exit());
            List<String> all = new ArrayList<>(List.of("user-add demo  ok")); // from the test's own set-up
            all.addAll(CHANGES);
            all.addAll(List.of("trace bob  ok", "reload   ok"));
            Await.until("all records", () -> records(dataDir).size() >= all.size());
            assertEquals(all, records(dataDir));

            Path renamed = Files.move(dataDir.resolve("audit.json"), dataDir.resolve("audit.1"));
            assertEquals(0, Command.run(server, "reload").exit());
            Await.until("the file again", () -> records(dataDir).equals(List.of("reload   ok")));
            assertEquals(all.size(), Files.readAllLines(renamed).size());
        }
    }

    @Test
    @DisplayName("a trace and a reload that fail are lines, too, with their failure")
    void failed() throws Exception {
        try (ServerProcess server = ServerProcess.start("flotilla.log.max-traced=2")) {
            Path dataDir = server.dataDirectory();
            assertEquals(
                    1, Command.run(server, "trace", "alice", "bob", "carol").exit());
            Files.writeString(server.certificate(), "no certificate");
            Command.Result reload = Command.run(server, "reload");
            assertEquals(1, reload.exit());
            Await.until("both lines", () -> records(dataDir).size() >= 3);
            List<String> records = records(dataDir);
            assertEquals(
                    "trace alice bob  failed: at most 2 can be traced at a time (flotilla.log.max-traced)",
                    records.get(1));
            assertTrue(records.get(2).startsWith("reload   failed: "), records.get(2));
            String sentence = records.get(2).substring("reload   failed: ".length());
            assertTrue(reload.err().contains(sentence), reload.err() + " / " + sentence);
        }
    }

    @Test
    @DisplayName("changes that are made while no server runs are there, too, for the server's user and group only")
    void offline() throws Exception {
        change(directory);
        assertEquals(CHANGES, records(directory).subList(0, CHANGES.size()));
        assertEquals(
                "rw-r-----",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("audit.json"))));
    }
}
