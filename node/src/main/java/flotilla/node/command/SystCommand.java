package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.NONE;

import flotilla.node.protocol.Request;

/** SYST (RFC 959, section 4.1.3): announces listings in the form of UNIX. */
final class SystCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("SYST", ALWAYS, NONE, "", "RFC 959, section 4.1.3");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return turn.answer(215, "UNIX Type: L8");
    }
}
