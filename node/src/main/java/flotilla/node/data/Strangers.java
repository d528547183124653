package flotilla.node.data;

import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.Stray;
import flotilla.node.event.RareLines;
import java.net.InetAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports data connections that were refused because they offered the TLS session of another client. It logs one line a
 * minute for each address.
 */
final class Strangers {
    private static final Logger LOG = LoggerFactory.getLogger(DataConnection.class);

    private final EventSink events;
    private final RareLines lines = new RareLines();

    Strangers(EventSink events) {
        this.events = events;
    }

    void refused(Arrival arrival, String sessionId) {
        InetAddress client = arrival.client();
        events.accept(new NodeEvent.StrayDataConnection(
                client.getHostAddress(),
                arrival.port(),
                arrival.isForeign() ? Stray.WRONG_PEER : Stray.ANOTHER_SESSION));
        lines.next(client, System.nanoTime())
                .ifPresent(leftOut -> LOG.warn(
                        "a data connection of {} to port {} is refused: it {} session {}, which still waits for its own ({} more like it since the last such line)",
                        client.getHostAddress(),
                        arrival.port(),
                        arrival.isForeign()
                                ? "came from another address, and did not resume the TLS session of"
                                : "offered the TLS session of another user or client than",
                        sessionId,
                        leftOut));
    }
}
