package flotilla.node.command;

import flotilla.node.protocol.Request;

/** One verb: a function of the request and the session, without sockets, clocks or threads. */
public interface CommandHandler {
    CommandSpec spec();

    /** Decides what happens. The checks of {@link #spec} have passed. */
    Outcome handle(Request request, Turn turn);
}
