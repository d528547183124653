package flotilla.node.refusal;

import flotilla.node.event.NodeEvent;
import flotilla.node.event.Reasons;
import flotilla.node.message.ControlMessage;
import flotilla.node.transfer.TransferResult.Ending;
import java.util.Optional;
import java.util.Set;

/** The causes of refusals and early ends, under the names that the counts of {@code flotilla status} have. */
public final class Causes {
    private static final Set<Ending> CHOSEN_BY_CLIENTS = Set.of(Ending.COMPLETE, Ending.ABORTED);

    /** The ends of connections that the server decides on. */
    private static final Set<String> ENDS = Set.of(
            "login timeout",
            "idle timeout",
            "lifetime over",
            "client does not read replies",
            "the session does not answer",
            "overlong lines",
            "unknown commands",
            "not FTP",
            "commands after AUTH",
            "commands before clear text",
            "bytes before the client's close_notify",
            "no close_notify came",
            ControlMessage.UPLOAD_OVERDUE);

    private Causes() {}

    /** Returns the cause that an event tells of; empty when nothing was refused. */
    public static Optional<String> of(NodeEvent event) {
        if (event instanceof NodeEvent.Refused refused) {
            return Optional.of("refused-" + Reasons.name(refused.why()));
        } else if (event instanceof NodeEvent.HandshakeFailed) {
            return Optional.of("limit-handshake");
        } else if (event instanceof NodeEvent.Limited limited) {
            return limited.limit() == NodeEvent.Limit.HANDSHAKE
                    ? Optional.empty()
                    : Optional.of("limit-" + Reasons.name(limited.limit()));
        } else if (event instanceof NodeEvent.LoginFailed failed) {
            return Optional.of("login-" + Reasons.name(failed.why()));
        } else if (event instanceof NodeEvent.Banned) {
            return Optional.of("address-banned");
        } else if (event instanceof NodeEvent.TransferFinished finished) {
            Ending ending = finished.result().ending();
            return CHOSEN_BY_CLIENTS.contains(ending)
                    ? Optional.empty()
                    : Optional.of("transfer-" + Reasons.name(ending));
        } else if (event instanceof NodeEvent.NoDataConnection) {
            return Optional.of("data-none");
        } else if (event instanceof NodeEvent.StrayDataConnection) {
            return Optional.of("data-stray");
        } else if (event instanceof NodeEvent.TreeChanged changed) {
            return changed.done() ? Optional.empty() : Optional.of("command-refused");
        } else if (event instanceof NodeEvent.TransferRefused) {
            return Optional.of("command-refused");
        } else if (event instanceof NodeEvent.Disconnected disconnected) {
            return ENDS.contains(disconnected.reason())
                    ? Optional.of("closed-" + disconnected.reason().replace(' ', '-'))
                    : Optional.empty();
        }
        return Optional.empty();
    }
}
