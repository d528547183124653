package flotilla.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.EndToEnd;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands print for programs. */
class JsonOutputTest extends EndToEnd {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path work;

    private static JsonNode json(Command.Result result, int exit) throws Exception {
        assertEquals(exit, result.exit(), result.err());
        return new ObjectMapper().readTree(result.out());
    }

    @Test
    @DisplayName("status and trace print the answers of the server")
    void server() throws Exception {
        JsonNode status = json(Command.run(server, "status", "--json"), 0);
        assertTrue(status.path("sessions").isNumber(), status.toString());
        JsonNode trace = json(Command.run(server, "trace", "alice", "--for", "1m", "--json"), 0);
        assertEquals("alice", trace.path("targets").path(0).asText());
        assertTrue(trace.path("until").isTextual(), trace.toString());
        server.flotilla("trace");
    }

    @Test
    @DisplayName("user list prints all accounts with their states, without hashes of passwords")
    void users() throws Exception {
        Path data = work.resolve("data");
        assertEquals(0, json(Command.run(data, "user", "list", "--json"), 0).size());
        for (String name : new String[] {"alice", "bob"}) {
            assertEquals(0, Command.run(data, "user", "add", name).exit());
        }
        assertEquals(0, Command.run(data, "user", "disable", "bob").exit());
        JsonNode users = json(Command.run(data, "user", "list", "--json"), 0);
        assertEquals(2, users.size());
        assertEquals("alice", users.path(0).path("name").asText());
        assertEquals("enabled", users.path(0).path("state").asText());
        assertEquals("disabled", users.path(1).path("state").asText());
        assertFalse(users.toString().contains("argon2"), users.toString());
    }

    @Test
    @DisplayName("token list and cert show print lists")
    void lists() throws Exception {
        Path data = work.resolve("data");
        assertEquals(0, Command.run(data, "token", "add", "grafana").exit());
        JsonNode tokens = json(Command.run(data, "token", "list", "--json"), 0);
        assertEquals("grafana", tokens.path(0).path("name").asText());
        assertEquals("viewer", tokens.path(0).path("role").asText());
        String pem = work.resolve("cert.pem").toString();
        assertEquals(
                0, Command.run("cert", "new", "--dns", "ftp.example.org", pem).exit());
        JsonNode shown = json(Command.run("cert", "show", pem, "--json"), 0);
        assertEquals("ftp.example.org", shown.path(0).path("names").path(0).asText());
        assertTrue(shown.path(0).path("daysLeft").asInt() > 0, shown.toString());
        assertTrue(shown.path(0).path("fingerprint").asText().matches("sha256:[0-9a-f]{64}"), shown.toString());
    }

    @Test
    @DisplayName("check prints each problem with its place and key")
    void check() throws Exception {
        String data = "flotilla.data-dir = \"" + work.resolve("data") + "\"\n";
        Path good = Files.writeString(work.resolve("good.conf"), data);
        JsonNode fine = json(Command.run("check", good.toString(), "--json"), 0);
        assertTrue(fine.path("good").asBoolean() && fine.path("problems").isEmpty(), fine.toString());
        Path bad = Files.writeString(work.resolve("bad.conf"), data + "flotilla.limits.max-sessions = many\n");
        JsonNode refused = json(Command.run("check", bad.toString(), "--json"), 78);
        assertFalse(refused.path("good").asBoolean());
        JsonNode problem = refused.path("problems").path(0);
        assertEquals("flotilla.limits.max-sessions", problem.path("key").asText());
        assertTrue(problem.path("where").asText().endsWith("bad.conf:2"), problem.toString());
    }
}
