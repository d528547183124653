package flotilla.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.Traces;
import flotilla.cluster.User.TlsRequirement;
import flotilla.ops.config.Configuration.LogSettings;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.log.EventLogs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages tell people what is expected, without terms of Java. */
class PlainWordsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private String refused(String... arguments) {
        Command.Result result =
                arguments[0].equals("cert") ? Command.run(arguments) : Command.run(directory, arguments);
        assertNotEquals(0, result.exit());
        assertFalse(
                result.err()
                        .matches(
                                "(?s).*(No enum|could not be parsed|Exception|flotilla\\.cluster\\.|VIEWER|overflow).*"),
                result.err());
        return result.err();
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                "--expires; tomorrow; such as 2027-01-31",
                "--expires; 2027-13-01; such as 2027-01-31",
                "--allow; /x=foo; there is no permission foo; there are read, write",
                "--allow; x=read; /PATH=PERMISSIONS",
                "--quota; 10X; such as 4096, 500k",
                "--quota; 999999999999999T; more than can be counted",
                "--upload-rate; -1; --upload-rate needs a number of bytes",
                "--tls; always; listener, control, control-and-data",
                "--network; nowhere; such as 192.0.2.0/24",
                "--max-sessions; -1; at least 0",
                "--quota-files; -5; at least 0"
            })
    void valuesOfAccounts(String option, String value, String expected) {
        String told = refused("user", "add", "alice", option + "=" + value);
        assertTrue(told.contains(option) && told.contains(expected), told);
        assertFalse(Command.run(directory, "user", "list").out().contains("alice"));
    }

    @Test
    @DisplayName("names with underscores are taken as those with hyphens")
    void underscores() {
        assertEquals(TlsRequirement.CONTROL_AND_DATA, AccountValues.tls("Control_And_Data"));
        assertEquals(TlsRequirement.CONTROL_AND_DATA, AccountValues.tls("control-and-data"));
    }

    @Test
    void rolesAndKinds() {
        String role = refused("token", "add", "grafana", "--role", "root");
        assertTrue(role.contains("there is no root; there are viewer, operator"), role);
        assertEquals(
                0,
                Command.run(directory, "token", "add", "grafana", "--role", "Operator")
                        .exit());
        String kind = refused(
                "cert", "new", "--key", "dsa", directory.resolve("x.pem").toString());
        assertTrue(kind.contains("there is no dsa; there are "), kind);
    }

    @Test
    @DisplayName("a file that cannot be used is told with the reason, not by its name alone")
    void files() throws Exception {
        Path missing = directory.resolve("no").resolve("such");
        IOException none =
                Assertions.assertThrows(IOException.class, () -> Files.writeString(missing.resolve("f"), ""));
        assertEquals(missing + "/f cannot be used: there is no directory " + missing, FailureText.of(none));
        Path file = Files.writeString(directory.resolve("file"), "");
        IOException there = Assertions.assertThrows(IOException.class, () -> Files.createDirectories(file));
        assertEquals(file + " cannot be used: it is there already and no directory", FailureText.of(there));
        String denied = FailureText.of(new AccessDeniedException("/srv/ftp"));
        assertTrue(denied.startsWith("/srv/ftp cannot be used: permission denied. This process runs as "), denied);
        String told =
                refused("cert", "new", "--dns", "a.test", file.resolve("a.pem").toString());
        assertTrue(told.contains(file + " cannot be used: it is there already and no directory"), told);
    }

    @Test
    @DisplayName("a file whose block is never closed is told with the line where that begins, not where the file ends")
    void openBlock() throws Exception {
        Path file = directory.resolve("open.conf");
        Files.writeString(file, """
                flotilla {
                  # { not this one
                  data-dir = "{"
                  listeners {
                    explicit { port = 2121
                  }
                }
                """);
        Command.Result checked = Command.run("check", file.toString());
        assertEquals(78, checked.exit());
        assertTrue(
                checked.err().contains("the file ends within a block: the { or [ in line 1 is never closed"),
                checked.err());
    }

    @Test
    @DisplayName("a port that only root may use, a port between nodes that is taken, a database that does not answer")
    void starts() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            String told = refusedStart("flotilla.cluster.port=" + port);
            assertTrue(
                    told.contains(
                            "cannot listen on 127.0.0.1:" + port + " (flotilla.cluster.port): Address already in use"),
                    told);
        }
        String closed = String.valueOf(Ports.free(1));
        Command.Result listed = Command.run(
                directory,
                "user",
                "list",
                "--set",
                "flotilla.users.jdbc-url=jdbc:postgresql://127.0.0.1:" + Ports.free(1)
                        + "/accounts?user=flotilla&password=S3cret");
        assertEquals(1, listed.exit());
        assertTrue(
                listed.err()
                        .matches(
                                "(?s).*The user database \\(flotilla.users\\) at 127.0.0.1:[0-9]+ cannot be opened: its server does"
                                        + " not answer \\(.*"),
                listed.err());
        assertFalse(listed.err().contains("S3cret"), listed.err());
    }

    private static String refusedStart(String setting) {
        return String.valueOf(Assertions.assertThrows(IllegalStateException.class, () -> ServerProcess.start(setting))
                .getMessage());
    }

    @Test
    @DisplayName("a log that cannot be opened is told with its key")
    void logs() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        String target = file.resolve("native.log").toString();
        IOException told = Assertions.assertThrows(
                IOException.class,
                () -> EventLogs.open(
                        new LogSettings(
                                target,
                                "",
                                "",
                                new ArrayList<>(List.of()),
                                1,
                                "-",
                                100,
                                "",
                                false,
                                java.util.Optional.empty()),
                        "node-1",
                        new NobodyTraced()));
        assertTrue(
                told.getMessage().contains(target)
                        && told.getMessage().contains(file + " is no directory")
                        && told.getMessage().contains("flotilla.log.native"),
                told.getMessage());
    }

    private static final class NobodyTraced implements Traces {
        @Override
        public boolean follows(String user, String address, String session) {
            return false;
        }

        @Override
        public CompletionStage<Void> follow(Set<String> targets, Duration duration) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public Map<String, Instant> list() {
            return Map.of();
        }
    }
}
