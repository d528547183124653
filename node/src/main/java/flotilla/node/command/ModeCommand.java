package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.protocol.Request;
import java.util.Locale;

/** MODE (RFC 959, section 4.1.2): the server knows stream mode only. */
final class ModeCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("MODE", LOGGED_IN, REQUIRED, "<SP> S", "RFC 959, section 4.1.2");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return switch (request.text().toUpperCase(Locale.ROOT)) {
            case "S" -> turn.answer(200, "Mode is stream.");
            case "B", "C", "Z" -> turn.answer(504, "Mode not implemented.");
            default -> turn.answer(501, "Unknown mode.");
        };
    }
}
