package flotilla.node.command;

import flotilla.node.protocol.Request;
import java.util.Set;

/**
 * A request as the command table knows it.
 *
 * @param handler answers the request, also when nobody knows its verb
 * @param spec what the handler declares
 * @param effects of this request
 */
public record Call(Request request, CommandHandler handler, CommandSpec spec, Set<Effect> effects) {

    public String verb() {
        return request.verb();
    }

    public boolean does(Effect effect) {
        return effects.contains(effect);
    }

    /** What the log of changes calls the command. */
    public String operation() {
        String operation = spec.traits().operation();
        return operation.isEmpty() ? verb() : operation;
    }

    /** The argument for logs: one that may be a secret is left out; empty for none. */
    public String shownArgument() {
        return does(Effect.SECRET_ARGUMENT) ? "***" : request.text();
    }

    /** The command for logs, with {@link #shownArgument}. */
    public String redacted() {
        return request.argument().isPresent() || does(Effect.SECRET_ARGUMENT) ? verb() + " " + shownArgument() : verb();
    }

    /** As {@link #redacted}: no password in an exception or a log by accident. */
    @Override
    public String toString() {
        return redacted();
    }
}
