package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.NONE;

import flotilla.node.protocol.Request;

/** CCC (RFC 4217, section 6): going back to clear text is refused. */
final class CccCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("CCC", ALWAYS, NONE, "", "RFC 4217, section 6");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return turn.state().security().tls()
                ? turn.answer(534, "The control connection stays protected.")
                : turn.answer(533, "The control connection is not protected.");
    }
}
