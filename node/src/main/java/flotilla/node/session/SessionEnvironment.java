package flotilla.node.session;

import flotilla.cluster.ClusterNode;
import flotilla.node.auth.LoginFlow;
import flotilla.node.command.CommandTable;
import flotilla.node.command.Services;
import flotilla.node.event.EventSink;
import flotilla.node.overview.LiveSessions;
import flotilla.node.tls.TlsEngines;
import flotilla.node.tree.Backends;
import java.util.function.Supplier;

/**
 * The services and settings that all sessions of a node share.
 *
 * @param inForce the settings in force
 */
public record SessionEnvironment(
        Supplier<SessionSettings> inForce,
        ClusterNode cluster,
        LoginFlow logins,
        Backends backends,
        CommandTable commands,
        Services services,
        TlsEngines tls,
        EventSink events,
        LiveSessions live,
        RareFailures failures,
        AnnouncedAddress announced) {
    /** The settings in force. They may change from one call to the next. */
    SessionSettings settings() {
        return inForce.get();
    }
}
