package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.IGNORED;

import flotilla.node.protocol.Request;

/** Answers 500 to a verb that the table does not have (RFC 959, section 4.2). */
final class UnknownCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("", ALWAYS, IGNORED, "", "RFC 959, section 4.2");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return turn.answer(500, "Unknown command.");
    }
}
