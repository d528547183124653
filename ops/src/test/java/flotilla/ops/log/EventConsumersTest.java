package flotilla.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.Limit;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.event.NodeEvent.Refusal;
import flotilla.node.event.NodeEvent.ScanOutcome;
import flotilla.node.event.NodeEvent.ScanResult;
import flotilla.node.event.NodeEvent.Stray;
import flotilla.node.protocol.Reply;
import flotilla.node.state.Link;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferResult;
import flotilla.node.transfer.TransferResult.Ending;
import flotilla.ops.metrics.Metrics;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every log and every counter uses every event. Exceptions are named here. */
class EventConsumersTest {
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

    /** One event of each type. */
    private static final List<NodeEvent> EVENTS = List.of(
            new NodeEvent.Connected(LINK),
            new NodeEvent.Refused("192.0.2.7", Refusal.BANNED),
            new NodeEvent.Probed("192.0.2.7", false),
            new NodeEvent.HandedOff(LINK),
            new NodeEvent.Limited("192.0.2.7", Limit.HANDSHAKE),
            new NodeEvent.TlsStarted(LINK, new TlsFacts("TLSv1.3", "x", false, "", "c", "", "")),
            new NodeEvent.DataSecured("TLSv1.3", true),
            new NodeEvent.LoggedIn(LINK, "alice", false),
            new NodeEvent.LoginFailed(LINK, "alice", LoginFailure.WRONG_PASSWORD, 530),
            new NodeEvent.Banned("192.0.2.7", "wrong passwords"),
            new NodeEvent.TransferFinished(
                    LINK,
                    "alice",
                    "",
                    new Transfer.Send("/f", 0, false, 5, 0, "1"),
                    new TransferResult(1, Ending.COMPLETE, 5, 1, true, "", "node-1", ""),
                    true,
                    226),
            new NodeEvent.Scanned(
                    "0-s", "alice", "/f", ScanResult.INFECTED, ScanOutcome.DROPPED, "Eicar-Test-Signature", 68, 5),
            new NodeEvent.NoDataConnection(LINK, "alice"),
            new NodeEvent.TreeChanged(
                    LINK, "alice", "DELE", "DELETE", "/f", Optional.empty(), Reply.of(250, "File removed.")),
            new NodeEvent.HandshakeFailed(LINK, "no shared cipher"),
            new NodeEvent.TransferRefused(LINK, "alice", "STOR", "f", Reply.of(550, "No.")),
            new NodeEvent.Exchanged(LINK, "alice", "NOOP", 200, "OK."),
            new NodeEvent.Disconnected(LINK, "alice", true, "client closed"),
            new NodeEvent.TakenOver(LINK, "alice"),
            new NodeEvent.StrayDataConnection("192.0.2.7", 40_000, Stray.NO_LEASE));

    @Test
    void everyTypeIsTried() {
        assertEquals(names(List.of(NodeEvent.class.getPermittedSubclasses())), types(event -> true));
    }

    @Test
    void theJsonLogHasAllButProbesAndTheTrace() {
        assertEquals(
                names(List.of(NodeEvent.Probed.class, NodeEvent.DataSecured.class, NodeEvent.Exchanged.class)),
                types(event -> hasNoField(new JsonFormat("node-1").line(event))));
    }

    /** Returns whether there is no line, or a line with the time and the type only. */
    private static boolean hasNoField(String line) {
        return line.isEmpty() || line.matches("\\{\"time\":\"[^\"]*\",\"event\":\"[^\"]*\"}");
    }

    @Test
    void theNativeLogHasWhatClientsDo() {
        assertEquals(
                names(List.of(
                        NodeEvent.Probed.class,
                        NodeEvent.HandedOff.class,
                        NodeEvent.TlsStarted.class,
                        NodeEvent.HandshakeFailed.class,
                        NodeEvent.TransferRefused.class,
                        NodeEvent.DataSecured.class,
                        NodeEvent.NoDataConnection.class,
                        NodeEvent.Exchanged.class,
                        NodeEvent.Scanned.class,
                        NodeEvent.Disconnected.class,
                        NodeEvent.TakenOver.class,
                        NodeEvent.StrayDataConnection.class)),
                types(event -> new NativeFormat("node-1").line(event).isEmpty()));
    }

    @Test
    void theXferlogHasTransfersOnly() {
        assertEquals(
                names(List.of(NodeEvent.TransferFinished.class)),
                types(event -> !new XferlogFormat().line(event).isEmpty()));
    }

    @Test
    void metricsCountWhatHappensToConnectionsAndTransfers() {
        assertEquals(
                names(List.of(
                        NodeEvent.TreeChanged.class,
                        NodeEvent.Exchanged.class,
                        NodeEvent.HandshakeFailed.class,
                        NodeEvent.TransferRefused.class,
                        NodeEvent.TakenOver.class)),
                types(event -> {
                    Metrics metrics = new Metrics();
                    String before = metrics.scrape();
                    metrics.accept(event);
                    return metrics.scrape().equals(before);
                }));
    }

    @Test
    void statusCountsWhatWasRefusedOrEnded() {
        assertEquals(
                names(List.of(
                        NodeEvent.Connected.class,
                        NodeEvent.Probed.class,
                        NodeEvent.HandedOff.class,
                        NodeEvent.TlsStarted.class,
                        NodeEvent.DataSecured.class,
                        NodeEvent.LoggedIn.class,
                        NodeEvent.TreeChanged.class,
                        NodeEvent.Exchanged.class,
                        NodeEvent.HandshakeFailed.class,
                        NodeEvent.TransferRefused.class,
                        NodeEvent.TakenOver.class)),
                types(event -> {
                    Metrics metrics = new Metrics();
                    var before = metrics.counts();
                    metrics.accept(event);
                    return metrics.counts().equals(before);
                }));
    }

    @Test
    void reasonsOfClosedConnectionsAreBounded() {
        Metrics metrics = new Metrics();
        for (int i = 0; i < 100; i++) {
            metrics.accept(new NodeEvent.Disconnected(LINK, "alice", true, "reason " + i));
        }
        assertEquals(1, metrics.counts().get("closed-reason-63"));
        assertEquals(36, metrics.counts().get("closed-other"));
    }

    private static Set<String> types(Predicate<NodeEvent> which) {
        return names(EVENTS.stream().filter(which).map(Object::getClass).collect(Collectors.toList()));
    }

    private static Set<String> names(List<? extends Class<?>> types) {
        return types.stream().map(Class::getSimpleName).collect(Collectors.toSet());
    }
}
