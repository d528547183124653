package flotilla.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.node.event.NodeEvent;
import flotilla.node.protocol.Reply;
import flotilla.node.state.Link;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferResult;
import flotilla.node.transfer.TransferResult.Ending;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs read these lines, so neither the order of the fields nor any character may change. */
class JsonLinesTest {
    private static final String ODD = "a\"b\\c\n\r\t\u0001\u202e\u00e9\ud83d\ude00\udb40\udc41\ud800/";
    private static final String ESCAPED =
            "a\\\"b\\\\c\\n\\r\\u0009\\u0001\\u202e\u00e9\ud83d\ude00\\udb40\\udc41\\ud800/";

    private static final Link LINK = new Link(
            "0-s",
            InetAddress.getLoopbackAddress(),
            50_000,
            InetAddress.getLoopbackAddress(),
            21,
            false,
            "node-1",
            Instant.EPOCH,
            new UUID(0, 1));

    private static String withoutTime(String line) {
        return line.replaceFirst("\"time\":\"[0-9T:.-]+Z\"", "TIME");
    }

    private static void assertLine(String expected, NodeEvent event) {
        assertEquals(expected, withoutTime(new JsonFormat("node-1").line(event)));
    }

    @Test
    @DisplayName("the JSON log writes texts, numbers and flags as it always has, also odd characters and long texts")
    void events() {
        String link = "\"session\":\"0-s\",\"client\":\"127.0.0.1\",\"node\":\"node-1\"";
        assertLine(
                "{TIME,\"event\":\"TransferFinished\"," + link + ",\"user\":\"" + ESCAPED
                        + "\",\"operation\":\"Send\",\"path\":\"/" + ESCAPED
                        + "\",\"ending\":\"complete\",\"code\":226,\"bytes\":9223372036854775807,\"millis\":-1,\"tls\":true,"
                        + "\"resumed\":false,\"dataNode\":\"\",\"detail\":\"\"}",
                new NodeEvent.TransferFinished(
                        LINK,
                        ODD,
                        "",
                        new Transfer.Send("/" + ODD, 0, false, 5, 0, "1"),
                        new TransferResult(1, Ending.COMPLETE, Long.MAX_VALUE, -1, false, "", "", ""),
                        true,
                        226));
        assertLine(
                "{TIME,\"event\":\"TreeChanged\"," + link + ",\"user\":\"alice\",\"verb\":\"DELE\",\"path\":\""
                        + "x".repeat(4096)
                        + "\",\"source\":\"\",\"code\":250,\"reply\":\"File removed.\",\"done\":true}",
                new NodeEvent.TreeChanged(
                        LINK,
                        "alice",
                        "DELE",
                        "DELETE",
                        "x".repeat(5000),
                        Optional.empty(),
                        Reply.of(250, "File removed.")));
        assertLine("{TIME,\"event\":\"Connected\"," + link + "}", new NodeEvent.Connected(LINK));
        assertEquals("", new JsonFormat("node-1").line(new NodeEvent.Probed("192.0.2.7", false)));
    }

    @Test
    @DisplayName("the audit log writes its lines as it always has")
    void audit(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("audit.json");
        try (AuditLog log = AuditLog.open(file.toString(), 10, "")) {
            log.record(ODD, "local", "kick", "", "ok");
            log.record("root", "local", "user-set", "alice", List.of("home", ODD), "failed: " + ODD);
        }
        assertEquals(
                List.of(
                        "{TIME,\"who\":\"" + ESCAPED
                                + "\",\"from\":\"local\",\"action\":\"kick\",\"target\":\"\",\"result\":\"ok\"}",
                        "{TIME,\"who\":\"root\",\"from\":\"local\",\"action\":\"user-set\",\"target\":\"alice\","
                                + "\"changed\":[\"home\",\"" + ESCAPED + "\"],\"result\":\"failed: " + ESCAPED + "\"}"),
                Files.readAllLines(file).stream()
                        .map(JsonLinesTest::withoutTime)
                        .toList());
    }
}
