package flotilla.node.command;

import flotilla.node.protocol.Request;

/** One verb: a function of the request and the session. It uses no sockets, clocks or threads. */
public interface CommandHandler {
    /** Declares the verb, its checks and its effects. Always returns the same. */
    CommandSpec spec();

    /** Decides on the outcome. The checks of {@link #spec} have passed. */
    Outcome handle(Request request, Turn turn);
}
