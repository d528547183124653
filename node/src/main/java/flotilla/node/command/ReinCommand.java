package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.NONE;

import flotilla.node.command.Policy.OptIn;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;

/**
 * REIN (RFC 959, section 4.1.1; RFC 4217, section 11): begins the session anew without TLS, if the operator allows
 * that. A new connection has the same effect.
 */
final class ReinCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("REIN", ALWAYS, NONE, "", "RFC 959, section 4.1.1");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return turn.policy().allowed().contains(OptIn.REIN)
                ? new Outcome.Reinitialize(Reply.of(220, "Ready for a new user."))
                : turn.answer(502, "Please reconnect instead.");
    }
}
