package flotilla.node.command;

import flotilla.node.protocol.Request;
import java.util.Set;

/**
 * A request together with its entry in the command table.
 *
 * @param handler answers the request, also one with an unknown verb
 * @param spec the declaration of the handler
 * @param effects the effects of this request
 */
public record Call(Request request, CommandHandler handler, CommandSpec spec, Set<Effect> effects) {

    /** The verb as the client sent it, in upper case. */
    public String verb() {
        return request.verb();
    }

    /** Returns true when this request has the effect. */
    public boolean does(Effect effect) {
        return effects.contains(effect);
    }

    /** The name of the command in the log of changes. */
    public String operation() {
        String operation = spec.traits().operation();
        return operation.isEmpty() ? verb() : operation;
    }

    /** The argument for logs: {@code ***} when it may be a secret, empty when there is none. */
    public String shownArgument() {
        return does(Effect.SECRET_ARGUMENT) ? "***" : request.text();
    }

    /** The command for logs, with {@link #shownArgument}. */
    public String redacted() {
        return request.argument().isPresent() || does(Effect.SECRET_ARGUMENT) ? verb() + " " + shownArgument() : verb();
    }

    /** As {@link #redacted}, so that no password gets into an exception or a log by accident. */
    @Override
    public String toString() {
        return redacted();
    }
}
