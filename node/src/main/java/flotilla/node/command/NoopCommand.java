package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.IGNORED;

import flotilla.node.protocol.Request;

/** NOOP (RFC 959, section 4.1.3): does nothing. */
final class NoopCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("NOOP", ALWAYS, IGNORED, "", "RFC 959, section 4.1.3");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return turn.answer(200, "OK.");
    }
}
