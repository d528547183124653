package flotilla.node.session;

import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.protocol.Names;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.state.SessionState;
import java.util.Locale;
import java.util.Optional;

/** Tells the trace and the log of changes about commands and their replies. */
final class CommandLog {
    private final EventSink events;

    CommandLog(EventSink events) {
        this.events = events;
    }

    /** A command was answered. @param state of the session at that time */
    void answered(SessionState state, Request request, Reply reply) {
        String user = state.login().name();
        if (events.traces(user, state.link().client().getHostAddress())) {
            events.accept(new NodeEvent.Exchanged(state.link(), user, request.redacted(), reply.code(), reply.text()));
        }
        if (CommandDesk.CHANGING_VERBS.contains(request.verb()) && state.isLoggedIn()) {
            events.accept(new NodeEvent.TreeChanged(
                    state.link(),
                    user,
                    request.verb().toUpperCase(Locale.ROOT),
                    Names.printable(request.text()),
                    Optional.empty(),
                    !reply.isRefusal()));
        }
    }
}
