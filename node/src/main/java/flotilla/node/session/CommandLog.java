package flotilla.node.session;

import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.protocol.Names;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.state.SessionState;
import flotilla.node.state.SessionState.RenameSource;
import flotilla.storage.StorageException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Tells the trace and the log of changes about commands and their replies. */
final class CommandLog {
    /** Verbs whose argument is a path and nothing else. */
    private static final Set<String> OF_PATHS = Set.of("DELE", "MKD", "XMKD", "RMD", "XRMD", "RNTO");

    private final EventSink events;
    private Optional<RenameSource> source = Optional.empty();

    CommandLog(EventSink events) {
        this.events = events;
    }

    /** A command begins. @param state of the session before it */
    void begun(SessionState state) {
        source = state.rename();
    }

    /** A command was answered. @param state of the session at that time */
    void answered(SessionState state, Request request, Reply reply) {
        String user = state.login().name();
        if (events.traces(
                user, state.link().client().getHostAddress(), state.link().sessionId())) {
            events.accept(new NodeEvent.Exchanged(state.link(), user, request.redacted(), reply.code(), reply.text()));
        }
        if (CommandDesk.CHANGING_VERBS.contains(request.verb()) && state.isLoggedIn()) {
            events.accept(new NodeEvent.TreeChanged(
                    state.link(),
                    user,
                    request.verb().toUpperCase(Locale.ROOT),
                    path(state, request),
                    request.verb().equals("RNTO")
                            ? source.map(named -> named.path().toString())
                            : Optional.empty(),
                    reply.code(),
                    reply.text()));
        }
    }

    private static String path(SessionState state, Request request) {
        try {
            return OF_PATHS.contains(request.verb())
                    ? Names.printable(state.resolve(request.text()).toString())
                    : Names.printable(request.text());
        } catch (StorageException noPath) {
            return Names.printable(request.text());
        }
    }
}
