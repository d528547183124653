package flotilla.ops.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import flotilla.cluster.AlertBoard.Alert;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs are told alerts as JSON: by HTTP, and on their standard input. */
@Timeout(60)
class ProgramTargetsTest {
    private static final Alert ALERT = new Alert("id-1", "sessions", "", 1, true, 51, "51 sessions", 0, Set.of());
    private static final Notice NOTICE = new Notice(ALERT, "harbour", "one", Instant.EPOCH);
    private static final String JSON = "{\"id\":\"id-1\",\"state\":\"firing\",\"rule\":\"sessions\",\"subject\":\"\","
            + "\"level\":1,\"value\":51.0,\"text\":\"51 sessions\",\"since\":\"1970-01-01T00:00:00Z\","
            + "\"time\":\"1970-01-01T00:00:00Z\",\"cluster\":\"harbour\",\"node\":\"one\"}";

    @TempDir
    Path work;

    @Test
    void aReceiverGetsTheAlertAndMayRefuse() throws Exception {
        BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        BlockingQueue<Integer> answers = new LinkedBlockingQueue<>(List.of(204, 500));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(answers.remove(), -1);
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        String url = "http://127.0.0.1:" + port + "/hook?secret=s3cret";
        try (Target target =
                new WebhookTarget(new AlertSettings.Webhook(url, Optional.empty(), Duration.ofSeconds(10)))) {
            target.tell(NOTICE);
            assertEquals(JSON, bodies.poll(10, TimeUnit.SECONDS));
            IOException refused = assertThrows(IOException.class, () -> target.tell(NOTICE));
            assertEquals("http://127.0.0.1:" + port + " answered 500", refused.getMessage());
            server.stop(0);
            IOException away = assertThrows(IOException.class, () -> target.tell(NOTICE));
            assertFalse(String.valueOf(away.getMessage()).contains("s3cret"), away.getMessage());
        }
    }

    @Test
    void aProgramGetsTheAlertAndMayFail() throws Exception {
        Path told = work.resolve("told");
        new CommandTarget(command("cat > \"$0\"", told.toString())).tell(NOTICE);
        assertEquals(JSON, Files.readString(told));
        IOException failed =
                assertThrows(IOException.class, () -> new CommandTarget(command("exit 3", "s3cret")).tell(NOTICE));
        assertTrue(String.valueOf(failed.getMessage()).endsWith("ended with 3"), failed.getMessage());
        assertFalse(String.valueOf(failed.getMessage()).contains("s3cret"), failed.getMessage());
    }

    private static AlertSettings.Command command(String script, String argument) {
        return new AlertSettings.Command(List.of("/bin/sh", "-c", script, argument), Duration.ofSeconds(20));
    }
}
