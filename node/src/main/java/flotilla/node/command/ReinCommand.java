package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.NONE;

import flotilla.node.command.Policy.OptIn;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;

/** REIN (RFC 959, section 4.1.1; RFC 4217, section 11): begins anew without TLS, where that is allowed; a new connection does the same. */
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
