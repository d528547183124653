package flotilla.node.command;

import flotilla.node.command.CommandSpec.Access;
import flotilla.node.command.CommandSpec.Argument;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.state.SessionState;
import java.util.Optional;

/** Performs the checks that a {@link CommandSpec} declares, in the order in which a client gets their replies. */
public final class Gate {
    private static final Reply TLS_REQUIRED = Reply.of(530, "TLS is required: send AUTH TLS first.");
    private static final Reply NOT_LOGGED_IN = Reply.of(530, "Please log in with USER and PASS.");

    private Gate() {}

    /** The reply to a command that may not run now; empty when it may. */
    public static Optional<Reply> refusal(CommandSpec spec, Request request, SessionState state, Policy policy) {
        if (spec.access() != Access.ALWAYS
                && policy.requireTls()
                && !state.security().tls()
                && !state.security().cleared()) {
            return Optional.of(TLS_REQUIRED);
        }
        if (spec.access() == Access.LOGGED_IN && !state.isLoggedIn()) {
            return Optional.of(NOT_LOGGED_IN);
        }
        boolean given = request.argument().isPresent() && !request.text().isEmpty();
        if (spec.argument() == Argument.REQUIRED && !given) {
            return Optional.of(Reply.of(501, spec.verb() + " needs an argument."));
        }
        if (spec.argument() == Argument.NONE && given) {
            return Optional.of(Reply.of(501, spec.verb() + " takes no argument."));
        }
        return Optional.empty();
    }
}
