package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.NONE;

import flotilla.node.protocol.Request;

/** REIN (RFC 959, section 4.1.1): not offered; a new connection does the same. */
final class ReinCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("REIN", ALWAYS, NONE, "", "RFC 959, section 4.1.1");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return turn.answer(502, "Please reconnect instead.");
    }
}
