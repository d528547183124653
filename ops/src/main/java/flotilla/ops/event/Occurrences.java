package flotilla.ops.event;

import flotilla.node.event.Change;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.Reasons;
import flotilla.node.protocol.Names;
import flotilla.node.state.Link;
import flotilla.node.transfer.TransferResult.Ending;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Makes events of what a node reports. */
final class Occurrences {
    private Occurrences() {}

    /** The event of a change of files. */
    static Event of(Change change) {
        Map<String, Object> data = new HashMap<>();
        data.put("session", change.session());
        if (!change.client().isEmpty()) {
            data.put("client", change.client());
        }
        change.bytes().ifPresent(bytes -> data.put("bytes", bytes));
        return new Event(
                UUID.randomUUID().toString(),
                EventKind.of(change.kind()),
                Instant.now(),
                change.user(),
                change.path(),
                change.source().orElse(""),
                change.places(),
                data);
    }

    /** The event of what a node reports; empty when it is none of those that are told. */
    static Optional<Event> of(NodeEvent event) {
        if (event instanceof NodeEvent.TransferFinished transfer) {
            return ofTransfer(transfer);
        } else if (event instanceof NodeEvent.LoggedIn login) {
            Map<String, Object> data = ofLink(login.link());
            data.put("certificate", login.byCertificate());
            return Optional.of(Event.of(EventKind.LOGIN, login.user(), data));
        } else if (event instanceof NodeEvent.LoginFailed failed) {
            Map<String, Object> data = ofLink(failed.link());
            data.put("reason", Reasons.name(failed.why()));
            String user = failed.isOfAccount() ? failed.user() : Names.hidden(failed.user());
            return Optional.of(Event.of(EventKind.LOGIN_REFUSED, user, data));
        } else if (event instanceof NodeEvent.Disconnected ended && ended.loggedIn()) {
            Map<String, Object> data = ofLink(ended.link());
            data.put("reason", ended.reason());
            return Optional.of(Event.of(EventKind.LOGOUT, ended.user(), data));
        } else if (event instanceof NodeEvent.Banned ban) {
            String reason = ban.reason().replaceFirst("(wrong passwords), the last for .*", "$1"); // as above
            return Optional.of(Event.of(EventKind.BAN, "", Map.of("address", ban.block(), "reason", reason)));
        } else if (event instanceof NodeEvent.Scanned scan && scan.result() == NodeEvent.ScanResult.INFECTED) {
            return Optional.of(ofPath(
                    EventKind.INFECTED,
                    scan.user(),
                    scan.path(),
                    Map.of(
                            "session", scan.session(),
                            "signature", scan.what(),
                            "outcome", Reasons.name(scan.outcome()),
                            "bytes", scan.bytes())));
        }
        return Optional.empty();
    }

    private static Optional<Event> ofTransfer(NodeEvent.TransferFinished transfer) {
        Map<String, Object> data = ofLink(transfer.link());
        data.put("bytes", transfer.result().bytes());
        String path = transfer.transfer().path();
        if (transfer.result().ending() == Ending.QUOTA_EXCEEDED) {
            return Optional.of(ofPath(EventKind.QUOTA_REACHED, transfer.user(), path, data));
        }
        return transfer.result().isComplete() && transfer.transfer() instanceof flotilla.node.transfer.Transfer.Send
                ? Optional.of(ofPath(EventKind.DOWNLOAD, transfer.user(), path, data))
                : Optional.empty();
    }

    private static Event ofPath(EventKind kind, String user, String path, Map<String, Object> data) {
        return new Event(UUID.randomUUID().toString(), kind, Instant.now(), user, path, "", List.of(), data);
    }

    private static Map<String, Object> ofLink(Link link) {
        Map<String, Object> data = new HashMap<>();
        data.put("session", link.sessionId());
        data.put("client", link.client().getHostAddress());
        return data;
    }
}
