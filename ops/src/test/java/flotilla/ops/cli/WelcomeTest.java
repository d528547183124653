package flotilla.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.ops.config.Configuration;
import flotilla.ops.server.FirstUser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text at the start of a server. */
class WelcomeTest {
    private static final String OPENS = "To open it to the network";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private List<String> lines(String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("flotilla.data-dir=" + directory);
        Configuration configuration = Configuration.load(Optional.empty(), Map.of(), all);
        return new Welcome(configuration, Optional.empty(), new FirstUser(Optional.empty(), false))
                .lines("TLS", List.of());
    }

    private static long count(List<String> lines, String text) {
        return lines.stream().filter(line -> line.contains(text)).count();
    }

    @Test
    @DisplayName("it says how to open it to the network only where it listens on 127.0.0.1, as it does by default")
    void opens() throws Exception {
        assertEquals(1, count(lines(), OPENS));
        assertEquals(0, count(lines("flotilla.listeners.bind=0.0.0.0"), OPENS));
        assertEquals(0, count(lines("flotilla.listeners.bind=127.0.0.21"), OPENS));
    }

    @Test
    @DisplayName("commands to paste dial what clients are told, else where it listens")
    void dials() throws Exception {
        assertEquals(3, count(lines(), "://127.0.0.1:"));
        assertEquals(3, count(lines("flotilla.listeners.bind=127.0.0.21"), "://127.0.0.21:"));
        assertEquals(3, count(lines("flotilla.listeners.bind=[\"::1\"]"), "://[0:0:0:0:0:0:0:1]:"));
        assertEquals(
                3,
                count(
                        lines("flotilla.listeners.bind=127.0.0.21", "flotilla.passive.address=198.51.100.7"),
                        "://198.51.100.7:"));
    }

    @Test
    @DisplayName("behind a balancer it prints no command that dials the node itself")
    void behindABalancer() throws Exception {
        List<String> lines = lines("flotilla.proxy-protocol=require", "flotilla.proxy-trusted=127.0.0.1/32");

        assertEquals(0, count(lines, "://127.0.0.1:"));
        assertEquals(1, count(lines, "through the balancer"));
    }
}
