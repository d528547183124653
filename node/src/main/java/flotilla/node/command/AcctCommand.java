package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.CONNECTED;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.SECRET_ARGUMENT;

import flotilla.node.protocol.Request;

/** ACCT (RFC 959, section 4.1.1). The server has no accounts beyond the user name. */
final class AcctCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("ACCT", CONNECTED, REQUIRED, "<SP> account", "RFC 959, section 4.1.1")
                .effects(SECRET_ARGUMENT);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (turn.state().security().cleared()) {
            return turn.answer(534, "No logins in clear after CCC.");
        }
        return turn.state().isLoggedIn()
                ? turn.answer(202, "No account needed.")
                : turn.answer(503, "Send USER and PASS first.");
    }
}
