package flotilla.ops.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class TrainingTest {
    @Test
    @DisplayName(
            "a server that is to be trained serves a client of its own for a while, with each command as expected, and ends")
    void trained(@TempDir Path directory) throws Exception {
        int ports = Ports.free(22);
        List<String> settings = new ArrayList<>();
        for (String setting : List.of(
                "data-dir=" + directory.resolve("data"),
                "listeners.bind=127.0.0.1",
                "listeners.explicit.port=" + ports,
                "listeners.implicit.port=" + (ports + 1),
                "passive.ports=" + (ports + 2) + "-" + (ports + 21),
                "admin.port=0")) {
            settings.add("flotilla." + setting);
        }
        Process server = ServerProcess.builder(settings, List.of("-Dflotilla.train-seconds=1"))
                .redirectErrorStream(true)
                .start();
        String output = new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, server.waitFor(), output);
        assertTrue(output.lines().anyMatch(line -> line.matches("trained in [1-9][0-9]* rounds")), output);
    }
}
