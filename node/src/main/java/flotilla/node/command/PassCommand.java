package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.CONNECTED;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;
import static flotilla.node.command.Effect.SECRET_ARGUMENT;

import flotilla.node.protocol.Request;

/** PASS (RFC 959, section 4.1.1): takes the password verbatim, for the name that USER gave. */
final class PassCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("PASS", CONNECTED, OPTIONAL, "<SP> password", "RFC 959, section 4.1.1")
                .effects(SECRET_ARGUMENT);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (turn.state().security().cleared()) {
            return turn.answer(534, "No logins in clear after CCC.");
        }
        if (turn.state().isLoggedIn() || turn.state().login().name().isEmpty()) {
            return turn.answer(503, "Send USER first.");
        }
        return new Outcome.LogIn(request.text());
    }
}
