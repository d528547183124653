package flotilla.ops.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.node.event.NodeEvent;
import flotilla.node.state.Link;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferResult;
import flotilla.node.transfer.TransferResult.Ending;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UserMetricsTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final Metrics metrics = new Metrics();

    private static NodeEvent download(String user, Ending ending, long bytes) {
        Link link = new Link("s", HERE, 1, HERE, 21, false, "one", Instant.EPOCH, new UUID(0, 1));
        return new NodeEvent.TransferFinished(
                link,
                user,
                "",
                new Transfer.Send("/file", 0, false, 5, 0, "1"),
                new TransferResult(1, ending, bytes, 1_500, false, "", "one", ""),
                true,
                226);
    }

    private List<String> lines(String begin) {
        return metrics.scrape().lines().filter(line -> line.startsWith(begin)).toList();
    }

    @Test
    void usersBeyondTheBoundAreCountedTogether() {
        UserMetrics users = new UserMetrics(metrics, 2);
        for (String user : List.of("anna", "ben", "carla", "dora", "anna")) {
            users.accept(download(user, Ending.COMPLETE, 10));
        }
        users.accept(download("ben", Ending.CUT, 5));
        assertEquals(
                List.of(
                        "flotilla_user_bytes_total{direction=\"download\",user=\"all others\"} 20.0",
                        "flotilla_user_bytes_total{direction=\"download\",user=\"anna\"} 20.0",
                        "flotilla_user_bytes_total{direction=\"download\",user=\"ben\"} 15.0"),
                lines("flotilla_user_bytes"));
        assertEquals(
                "flotilla_user_transfers_total{direction=\"download\",user=\"ben\"} 1.0",
                lines("flotilla_user_transfers").get(2));
    }

    @Test
    void withoutTheKeyNoMetricNamesAUser() {
        new UserMetrics(metrics, 0).accept(download("anna", Ending.COMPLETE, 10));
        assertEquals(
                List.of(),
                metrics.scrape().lines().filter(line -> line.contains("anna")).toList());
    }

    @Test
    void completeTransfersAreInTheHistogram() {
        Durations durations = new Durations(metrics);
        durations.accept(download("anna", Ending.COMPLETE, 10));
        durations.accept(download("anna", Ending.CUT, 10));
        String bucket = "flotilla_transfer_duration_seconds_bucket{direction=\"download\",le=\"";
        assertEquals(List.of(bucket + "1.0\"} 0"), lines(bucket + "1.0\""));
        assertEquals(List.of(bucket + "10.0\"} 1"), lines(bucket + "10.0\""));
    }
}
