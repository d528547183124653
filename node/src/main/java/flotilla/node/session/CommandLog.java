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

/** Reports commands and their replies as events, for the trace and the log of changes. */
final class CommandLog {
    private final EventSink events;
    private Optional<RenameSource> source = Optional.empty();
    /** When the command began; 0 for one that began on another node, or was answered already. */
    private long since;

    CommandLog(EventSink events) {
        this.events = events;
    }

    /**
     * Notes the start of a command.
     *
     * @param state the session's state before the command
     */
    void begun(SessionState state) {
        source = state.rename();
        since = System.nanoTime();
    }

    /**
     * Reports a command with its reply.
     *
     * @param state the session's state at the time of the reply
     */
    void answered(SessionState state, Call call, Reply reply) {
        String user = state.login().name();
        measure(call);
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

    private void measure(Call call) {
        if (since != 0 && !call.does(Effect.USES_DATA)) {
            events.answered(work(call), System.nanoTime() - since);
        }
        since = 0;
    }

    private static EventSink.Work work(Call call) {
        if (call.verb().equals("PASS")) {
            return EventSink.Work.LOGIN;
        }
        return call.does(Effect.CHANGES_FILES) ? EventSink.Work.CHANGE : EventSink.Work.OTHER;
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
