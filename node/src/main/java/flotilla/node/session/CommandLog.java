package flotilla.node.session;

import flotilla.node.command.Call;
import flotilla.node.command.Effect;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.protocol.Names;
import flotilla.node.protocol.Reply;
import flotilla.node.state.SessionState;
import flotilla.node.state.SessionState.RenameSource;
import flotilla.storage.StorageException;
import java.util.Optional;

/** Tells the trace and the log of changes about commands and their replies. */
final class CommandLog {
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
    void answered(SessionState state, Call call, Reply reply) {
        String user = state.login().name();
        if (events.traces(
                user, state.link().client().getHostAddress(), state.link().sessionId())) {
            events.accept(new NodeEvent.Exchanged(state.link(), user, call.redacted(), reply.code(), reply.text()));
        }
        if (call.does(Effect.CHANGES_FILES) && state.isLoggedIn()) {
            events.accept(new NodeEvent.TreeChanged(
                    state.link(),
                    user,
                    call.verb(),
                    call.operation(),
                    path(state, call),
                    call.does(Effect.TAKES_RENAME_SOURCE)
                            ? source.map(named -> named.path().toString())
                            : Optional.empty(),
                    reply));
        }
    }

    private static String path(SessionState state, Call call) {
        String argument = call.shownArgument();
        try {
            return Names.printable(
                    call.does(Effect.LOGGED_AS_PATH) ? state.resolve(argument).toString() : argument);
        } catch (StorageException noPath) {
            return Names.printable(argument);
        }
    }
}
